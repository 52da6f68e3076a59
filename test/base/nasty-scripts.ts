/** Scripts on which a reader and the stock client could disagree, by what is odd about them. */
export const nasty: Readonly<Record<string, string | Buffer>> = {
  "statements on one line": "SELECT 1; SELECT 2;SELECT 3 ;;; SELECT 4",
  "quotes with delimiters and other quotes": `SELECT 'a;b"c', "d;e'f", 'g''h;', "i"";j" AS \`k;'l\`;\nSELECT 2;`,
  "escaped quotes": String.raw`SELECT 'it\'s;', "a\";b", 'back\\'; SELECT 2;`,
  "no escape in backticks": "SELECT 1 AS `a\\`; SELECT 2;",
  "a string of several lines": "SELECT 'a\n  b;\n\n-- no comment\n# none\n/* none */';\nSELECT 2;",
  "a backslash at the end of a line in a string": "SELECT 'a\\\nb';\nSELECT 2;",
  "comments of every kind":
    "-- one; 'two\n# three; \"four\n/* five; `six */\nSELECT 1 -- seven;\n+ 1 # eight';\n+ 1;\n--\nSELECT 2;",
  "comments before and behind statements": "/* a */ SELECT 1; -- b\n/* c\n d */ SELECT 2 /* e */; # f\n",
  "a comment between two words": "SELECT/* a */1;SELECT 1/* b\n c */+1;",
  "dashes without a blank": "SELECT 1--1;\n--SELECT 2;\nSELECT 3; --SELECT 4;\nSELECT 5;",
  "a hint": "SELECT /*+ NO_INDEX_MERGE(t) */ 1;",
  "conditional comments of both vendors":
    "/*!40101 SET @a = 1 */;\n/*M!100100 SET @b = 2 */;\n/*! SET @c = 3 */;\n/*!999999 SET @d = 4 */;",
  "quotes and delimiters in conditional comments":
    "/*!50001 SELECT 'a;b', \"c\" AS `d;` */;\n/*M!100616 SELECT 'e;f' */;\nSELECT 2;",
  "a conditional comment of several lines": "/*!50001 SELECT\n 'a;\nb'\n*/;\n/*!50003 SELECT 1 */ /*!50003 + 1 */;",
  "a comment in a conditional comment of several lines": "/*!50001 SELECT 1\n/* two */\n+ 2 */;\nSELECT 3;",
  delimiters: "DELIMITER $$\nSELECT 1; $$\nSELECT 2$$\nDELIMITER ;\nSELECT 3;\ndelimiter //\nSELECT 4//\nDelimiter ;\n",
  "a routine":
    "DELIMITER ;;\nCREATE PROCEDURE p()\nBEGIN\n  SELECT 'a;' AS `b`;\n\n  SELECT 2;\nEND ;;\nDELIMITER ;\nDROP PROCEDURE p;\n",
  "several statements before one delimiter":
    "DELIMITER //\nSELECT 1;\nSELECT 2;\n//\nSELECT 3; SELECT nothing; SELECT 4//\nSELECT 5//\n",
  "a comment behind the last of them":
    "DELIMITER //\nSELECT 1; -- one\n/* two */ # three\n//\nSELECT 2; SELECT 3 /* four */;//\n",
  "a delimiter in quotes": "DELIMITER '$$'\nSELECT 1$$\nDELIMITER \";\"\nSELECT 2;\n",
  "a delimiter that is a word": "DELIMITER end_of_it\nSELECT 1 end_of_it\nSELECT 2\nend_of_it\nDELIMITER ;\nSELECT 3;",
  "a delimiter that is part of a comment": "DELIMITER #\nSELECT 1#SELECT 2#\nDELIMITER ;\nSELECT 3;",
  CRLF: "-- a\r\nSELECT 1;\r\nSELECT\r\n2;\r\nSELECT 'a\r\nb';\r\nDELIMITER $$\r\nSELECT 3$$\r\nDELIMITER ;\r\nSELECT 4;\r\n",
  "a lone carriage return": "SELECT 1,\r2;\rSELECT 3;",
  "a byte order mark": Buffer.from("\u{FEFF}SELECT 'é';\nSELECT 2;"),
  "a byte order mark before DELIMITER": Buffer.from("\u{FEFF}DELIMITER $$\nSELECT 1$$\n"),
  "no line break and no delimiter at the end": "SELECT 1;\nSELECT 2",
  "an open quote at the end": "SELECT 1;\nSELECT 'a; SELECT 2;\n",
  "an open comment at the end": "SELECT 1;\nSELECT 2 /* a; SELECT 3;\n",
  "blanks of all kinds": " \t\f\v SELECT 1 \t\f\v;\n\n\n   \n SELECT 2\n\n;\n",
  "NULL as the client wrote it": "SELECT \\N;\nSELECT 2;",
  "a dump's sandbox line":
    "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump\n\n/*!40101 SET @a = 1 */;\nSELECT 2;\n",
  "no escapes by sql_mode":
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nSELECT 'a\\';\nSELECT 'b\\'; SET sql_mode = '';\nSELECT 'c\\';';\n",
  "modes that come back from a variable":
    "SET @old = @@sql_mode, sql_mode = 'NO_BACKSLASH_ESCAPES';\nSELECT 'a\\';\nSET sql_mode = @old;\nSELECT 'b\\';';\n",
  "latin1 bytes": Buffer.from(
    "SET NAMES latin1;\nSELECT 'ångström', 'µ\u{A0}' AS `é`;\nSET NAMES utf8mb4;\n",
    "latin1",
  ),
  "UTF-8, also at the end of a statement": "SELECT 'ångström 🔬;' AS `é`, 1 AS à;\nSELECT 2 AS à\n;\n",
  "errors in between": "SELECT nothing FROM nowhere;\nSELEC 1;\nSELECT 2;\n",
  nothing: "",
  "only comments": "-- a\n/* b */\n# c\n",
};

/** MySQL does not tell its clients of this mode, so that they cannot read such a script. */
export const nastyOnMariaDb: typeof nasty = {
  "double quotes by sql_mode":
    'SET sql_mode = \'ANSI_QUOTES\';\nSELECT 1 AS "a\\";\nSET sql_mode = \'\';\nSELECT "b\\";";\n',
};
