-- Creates a job with its parameters, its sweeps and, if given, its first program: in one call, all or nothing.
-- This procedure is ours; upstream has none like it. The upsert procedures insert the same rows one by one.
--
-- p_job is described by create_processing_job.schema.json. The procedure also checks what a schema cannot know: ids
-- that do not exist, a first image after the last one, and text that is too long for this database's columns or has
-- characters outside their character set. p_result returns the ids in the order of the document:
--   {"processingJobId": 7, "autoProcProgramId": 8 or null, "parameterIds": [9, 10], "sweepIds": [11]}
--
-- All problems are collected, then one SIGNAL 45000 is raised. Its message names the first problem, in at most 128
-- characters (the limit of MySQL), and counts the others. A SIGNAL leaves OUT parameters unassigned, so the whole
-- list, a JSON array of strings, is in the session variable @processing_job_problems; it is NULL without problems.
--
-- The caller's transaction is neither committed nor rolled back: a failure undoes what this call did and nothing
-- else. Without an open transaction the call is a transaction itself (with autocommit off there is always one).
-- KILL QUERY, error 1317, ends a call without its handler: always on MySQL, and on MariaDB unless it was reading
-- or writing rows. No other session sees the rows, but the transaction stays open: the caller must ROLLBACK or
-- close the connection. Until then further calls are refused, because they would only seem to succeed.
--
-- Arrays are read in blocks that are cut from their text: MariaDB 10.5 has no JSON_TABLE, and looks up a path
-- such as $[4999] from the first element on.
CREATE PROCEDURE create_processing_job (
  IN p_job JSON,
  OUT p_result JSON
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Creates a job with parameters, sweeps and a first program, all or nothing'
BEGIN
  DECLARE is_interrupted tinyint DEFAULT TRUE;
  DECLARE has_begun, own_transaction tinyint DEFAULT FALSE;
  DECLARE job_id, program_id int unsigned;
  DECLARE parameter_ids, sweep_ids longtext CHARACTER SET ascii COLLATE ascii_bin;

  -- The part of the document that is being read, its element, and the member of that element.
  DECLARE part tinyint DEFAULT 0;
  DECLARE rest, block longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE total, done, block_size, in_block, at, cut_at int;
  DECLARE whole, item, unknown, found JSON;
  DECLARE member, members, needed tinyint;
  DECLARE name, kind, encoding, found_type varchar(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE most, start_image double;
  DECLARE txt, kept longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  -- The element without its null members.
  DECLARE given JSON;

  DECLARE place, problem, in_this_block, problems longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE problem_count int DEFAULT 0;
  DECLARE message varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    BEGIN
      -- A deadlock has already rolled back the whole transaction, and the savepoint with it.
      DECLARE CONTINUE HANDLER FOR 1305 BEGIN END;
      IF own_transaction THEN
        ROLLBACK;
      ELSEIF has_begun THEN
        ROLLBACK TO SAVEPOINT create_processing_job;
        RELEASE SAVEPOINT create_processing_job;
      END IF;
    END;
    RESIGNAL;
  END;

  SET p_result = NULL, @processing_job_problems = NULL;

  BEGIN
    -- Every call that ends normally has released the savepoint.
    DECLARE CONTINUE HANDLER FOR 1305 SET is_interrupted = FALSE;
    RELEASE SAVEPOINT create_processing_job;
  END;
  IF is_interrupted THEN
    SAVEPOINT create_processing_job;
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an interrupted call left this transaction open: ROLLBACK first';
  END IF;

  BEGIN
    -- Outside a transaction a savepoint ends as soon as it is set.
    DECLARE CONTINUE HANDLER FOR 1305 SET own_transaction = TRUE;
    SAVEPOINT create_processing_job;
    RELEASE SAVEPOINT create_processing_job;
  END;
  IF own_transaction THEN
    START TRANSACTION;
  END IF;
  SAVEPOINT create_processing_job;
  SET has_begun = TRUE;

  -- MySQL refuses invalid JSON before the call.
  IF p_job IS NULL OR NOT JSON_VALID(p_job) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'p_job is not a JSON document';
  END IF;

  -- The job itself, its program, its parameters, its sweeps.
  WHILE part < 4 DO
    SET
      part = part + 1,
      done = 0,
      whole = IF(part = 1, p_job, JSON_EXTRACT(p_job, ELT(part, '$', '$.program', '$.parameters', '$.sweeps'))),
      rest = IF(part <= 2, whole, SUBSTRING(whole, 2, CHAR_LENGTH(whole) - 2)),
      block_size = GREATEST(2000, CHAR_LENGTH(rest) DIV 250),
      total = CASE
        WHEN part = 1 THEN 1
        WHEN part = 2 THEN IFNULL(JSON_TYPE(whole) = 'OBJECT', 0)
        ELSE IF(JSON_TYPE(whole) = 'ARRAY', JSON_LENGTH(whole), 0)
      END;

    WHILE done < total DO
      -- The next comma that separates two elements.
      SET cut_at = IF(part <= 2, 0, LOCATE(',', rest, block_size));
      WHILE cut_at > 0 AND NOT JSON_VALID(CONCAT('[', LEFT(rest, cut_at - 1), ']')) DO
        SET cut_at = LOCATE(',', rest, cut_at + 1);
      END WHILE;
      SET
        block = CONCAT('[', IF(cut_at > 0, LEFT(rest, cut_at - 1), rest), ']'),
        rest = SUBSTRING(rest, cut_at + 1),
        in_block = JSON_LENGTH(block),
        at = 0,
        in_this_block = NULL;

      WHILE at < in_block DO
        SET
          item = JSON_EXTRACT(block, CONCAT('$[', at, ']')),
          place = ELT(part, NULL, 'program', CONCAT('parameters[', done + at, ']'), CONCAT('sweeps[', done + at, ']')),
          unknown = item,
          member = 0,
          members = ELT(part, 8, 8, 2, 3);
        IF JSON_TYPE(item) <> 'OBJECT' THEN
          SET
            problem_count = problem_count + 1,
            problem = CONCAT(IFNULL(place, 'the job'), ' is not an object'),
            in_this_block = CONCAT_WS(', ', in_this_block, JSON_QUOTE(problem)),
            member = members;
        END IF;

        WHILE member < members DO
          SET member = member + 1, needed = part > 2;
          CASE part
            WHEN 1 THEN CASE member
              WHEN 1 THEN SET name = 'dataCollectionId', kind = 'DataCollection', most = 4294967295,
                -- If it is left out, the first sweep gives it.
                needed = IFNULL(JSON_TYPE(JSON_EXTRACT(p_job, '$.sweeps')) <> 'ARRAY', TRUE)
                  OR JSON_LENGTH(p_job, '$.sweeps') = 0;
              WHEN 2 THEN SET name = 'displayName', kind = 'text',
                most = LENGTH OF ProcessingJob.displayName, encoding = CHARSET OF ProcessingJob.displayName;
              WHEN 3 THEN SET name = 'comments', kind = 'text',
                most = LENGTH OF ProcessingJob.comments, encoding = CHARSET OF ProcessingJob.comments;
              WHEN 4 THEN SET name = 'recipe', kind = 'text',
                most = LENGTH OF ProcessingJob.recipe, encoding = CHARSET OF ProcessingJob.recipe;
              WHEN 5 THEN SET name = 'automatic', kind = 'boolean';
              WHEN 6 THEN SET name = 'parameters', kind = 'array';
              WHEN 7 THEN SET name = 'sweeps', kind = 'array';
              ELSE SET name = 'program', kind = 'object';
            END CASE;
            WHEN 2 THEN CASE member
              WHEN 1 THEN SET name = 'programs', kind = 'text', most = LENGTH OF AutoProcProgram.processingPrograms,
                encoding = CHARSET OF AutoProcProgram.processingPrograms;
              WHEN 2 THEN SET name = 'commandLine', kind = 'text', most = LENGTH OF AutoProcProgram.processingCommandLine,
                encoding = CHARSET OF AutoProcProgram.processingCommandLine;
              WHEN 3 THEN SET name = 'environment', kind = 'text', most = LENGTH OF AutoProcProgram.processingEnvironment,
                encoding = CHARSET OF AutoProcProgram.processingEnvironment;
              WHEN 4 THEN SET name = 'message', kind = 'text', most = LENGTH OF AutoProcProgram.processingMessage,
                encoding = CHARSET OF AutoProcProgram.processingMessage;
              WHEN 5 THEN SET name = 'startTime', kind = 'time';
              WHEN 6 THEN SET name = 'jobUuid', kind = 'UUID';
              WHEN 7 THEN SET name = 'processingPipelineId', kind = 'ProcessingPipeline', most = 4294967295;
              ELSE SET name = 'parentAutoProcProgramId', kind = 'AutoProcProgram', most = 4294967295;
            END CASE;
            WHEN 3 THEN CASE member
              WHEN 1 THEN SET name = 'key', kind = 'text', most = LENGTH OF ProcessingJobParameter.parameterKey,
                encoding = CHARSET OF ProcessingJobParameter.parameterKey;
              ELSE SET name = 'value', kind = 'value', most = LENGTH OF ProcessingJobParameter.parameterValue,
                encoding = CHARSET OF ProcessingJobParameter.parameterValue;
            END CASE;
            ELSE CASE member
              WHEN 1 THEN SET name = 'dataCollectionId', kind = 'DataCollection', most = 4294967295;
              WHEN 2 THEN SET name = 'startImage', kind = 'image', most = 16777215;
              ELSE SET name = 'endImage', kind = 'image', most = 16777215;
            END CASE;
          END CASE;

          SET
            found = JSON_EXTRACT(item, CONCAT('$.', name)),
            found_type = JSON_TYPE(found),
            txt = JSON_UNQUOTE(found),
            problem = CASE
              WHEN found IS NULL THEN IF(needed, ' is missing', NULL)
              -- A parameter may have no value; elsewhere null means the same as a missing member.
              WHEN found_type = 'NULL' THEN IF(needed AND kind <> 'value', ' is null', NULL)
              WHEN kind IN ('array', 'object', 'boolean')
                THEN IF(found_type = UPPER(kind), NULL, CONCAT(' is not of type ', kind))
              WHEN kind = 'value' AND found_type IN ('ARRAY', 'OBJECT')
                THEN ' is neither a string, a number nor a boolean'
              WHEN kind IN ('text', 'time', 'UUID') AND found_type <> 'STRING' THEN ' is not a string'
              WHEN kind IN ('text', 'value')
                THEN IF(
                  CHAR_LENGTH(txt) > most, CONCAT(' has ', CHAR_LENGTH(txt), ' characters, where ', most, ' fit'), NULL
                )
              WHEN kind = 'time' THEN IF(
                txt REGEXP '^[12][0-9]{3}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9]$',
                NULL, ' is not a time such as 2026-01-31 18:30:00'
              )
              WHEN kind = 'UUID' THEN IF(
                txt REGEXP '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$', NULL, ' is not a UUID'
              )
              WHEN found_type NOT IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL')
                OR txt + 0 <> FLOOR(txt + 0) OR txt + 0 NOT BETWEEN 1 AND most
                THEN CONCAT(' is not a whole number from 1 to ', most)
              WHEN name = 'endImage' AND txt + 0 < start_image THEN ' is before startImage'
            END;
          IF name = 'startImage' THEN
            SET start_image = IF(problem IS NULL, txt + 0, NULL);
          END IF;
          IF found IS NOT NULL THEN
            SET unknown = JSON_REMOVE(unknown, CONCAT('$.', name));
            IF problem IS NULL AND found_type <> 'NULL' THEN
              -- Locking reads see past the snapshot of the caller's transaction, as a foreign key does.
              CASE kind
                WHEN 'DataCollection' THEN
                  SELECT IF(COUNT(*) = 0, CONCAT(': there is no DataCollection ', txt), NULL) INTO problem
                  FROM DataCollection WHERE dataCollectionId = txt + 0 LOCK IN SHARE MODE;
                WHEN 'ProcessingPipeline' THEN
                  SELECT IF(COUNT(*) = 0, CONCAT(': there is no ProcessingPipeline ', txt), NULL) INTO problem
                  FROM ProcessingPipeline WHERE processingPipelineId = txt + 0 LOCK IN SHARE MODE;
                WHEN 'AutoProcProgram' THEN
                  SELECT IF(COUNT(*) = 0, CONCAT(': there is no AutoProcProgram ', txt), NULL) INTO problem
                  FROM AutoProcProgram WHERE autoProcProgramId = txt + 0 LOCK IN SHARE MODE;
                WHEN 'time' THEN
                  BEGIN
                    DECLARE EXIT HANDLER FOR 1292 SET problem = ' is not on the calendar';
                    SET problem = IF(CAST(txt AS datetime) IS NULL, ' is not on the calendar', NULL);
                  END;
                ELSE
                  IF kind IN ('text', 'value') AND (LENGTH(txt) > CHAR_LENGTH(txt) OR LOCATE('?', txt) > 0) THEN
                    BEGIN
                      -- MariaDB raises an error where MySQL stores a question mark.
                      DECLARE CONTINUE HANDLER FOR 1977 SET kept = NULL;
                      SET kept = CASE encoding
                        WHEN 'latin1' THEN CONVERT(CONVERT(txt USING latin1) USING utf8mb4)
                        WHEN 'ascii' THEN CONVERT(CONVERT(txt USING ascii) USING utf8mb4)
                        WHEN 'utf8mb3' THEN CONVERT(CONVERT(txt USING utf8) USING utf8mb4)
                        ELSE txt
                      END;
                    END;
                    -- MariaDB 10.5 stores a question mark for a character of four bytes.
                    IF kept IS NULL OR kept <> txt
                      OR CHAR_LENGTH(txt) - CHAR_LENGTH(REPLACE(txt, '?', ''))
                        <> CHAR_LENGTH(found) - CHAR_LENGTH(REPLACE(found, '?', ''))
                    THEN
                      SET problem = CONCAT(' has characters that its column, in ', encoding, ', cannot hold');
                    END IF;
                  END IF;
              END CASE;
            END IF;
          END IF;
          IF problem IS NOT NULL THEN
            SET
              problem_count = problem_count + 1,
              in_this_block = CONCAT_WS(', ', in_this_block, JSON_QUOTE(CONCAT(CONCAT_WS('.', place, name), problem)));
          END IF;
        END WHILE;

        IF JSON_TYPE(unknown) = 'OBJECT' AND JSON_LENGTH(unknown) > 0 THEN
          SET
            problem_count = problem_count + 1,
            problem = CONCAT(IFNULL(place, 'the job'), ' has unknown members: ', JSON_KEYS(unknown)),
            in_this_block = CONCAT_WS(', ', in_this_block, JSON_QUOTE(problem));
        END IF;

        -- Once there is a problem, nothing is inserted; the rest is only checked.
        IF problem_count = 0 THEN
          CASE part
            WHEN 1 THEN
              SET given = JSON_MERGE_PATCH('{}', item);
              INSERT INTO ProcessingJob (dataCollectionId, displayName, comments, recipe, automatic)
              VALUES (
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.dataCollectionId')) + 0,
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.displayName')),
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.comments')),
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.recipe')),
                IFNULL(JSON_UNQUOTE(JSON_EXTRACT(given, '$.automatic')) = 'true', FALSE)
              );
              SET job_id = LAST_INSERT_ID();
            WHEN 2 THEN
              SET given = JSON_MERGE_PATCH('{}', item);
              INSERT INTO AutoProcProgram (
                processingJobId, processingPrograms, processingCommandLine, processingEnvironment,
                processingMessage, processingStatus, processingStartTime, jobUuid,
                processingPipelineId, parentAutoProcProgramId, recordTimeStamp
              )
              VALUES (
                job_id,
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.programs')),
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.commandLine')),
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.environment')),
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.message')),
                -- #if AutoProcProgram.processingStatus is enum
                IF(JSON_EXTRACT(given, '$.startTime') IS NULL, NULL, 'RUNNING'),
                -- #else
                NULL,
                -- #end
                CAST(JSON_UNQUOTE(JSON_EXTRACT(given, '$.startTime')) AS datetime),
                UNHEX(REPLACE(JSON_UNQUOTE(JSON_EXTRACT(given, '$.jobUuid')), '-', '')),
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.processingPipelineId')) + 0,
                JSON_UNQUOTE(JSON_EXTRACT(given, '$.parentAutoProcProgramId')) + 0,
                NOW()
              );
              SET program_id = LAST_INSERT_ID();
            WHEN 3 THEN
              INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue)
              VALUES (job_id, JSON_UNQUOTE(JSON_EXTRACT(item, '$.key')), IF(found_type = 'NULL', NULL, txt));
              SET parameter_ids = CONCAT_WS(', ', parameter_ids, LAST_INSERT_ID());
            ELSE
              INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage)
              VALUES (job_id, JSON_UNQUOTE(JSON_EXTRACT(item, '$.dataCollectionId')) + 0, start_image, txt + 0);
              IF done + at = 0 THEN
                UPDATE ProcessingJob
                SET dataCollectionId = JSON_UNQUOTE(JSON_EXTRACT(item, '$.dataCollectionId')) + 0
                WHERE processingJobId = job_id AND dataCollectionId IS NULL;
              END IF;
              SET sweep_ids = CONCAT_WS(', ', sweep_ids, LAST_INSERT_ID());
          END CASE;
        END IF;
        SET at = at + 1;
      END WHILE;
      SET done = done + in_block, problems = NULLIF(CONCAT_WS(', ', problems, in_this_block), '');
    END WHILE;
  END WHILE;

  IF problem_count > 0 THEN
    SET
      problems = CONCAT('[', problems, ']'),
      @processing_job_problems = problems,
      problem = JSON_UNQUOTE(JSON_EXTRACT(problems, '$[0]')),
      message = IF(
        problem_count = 1, LEFT(problem, 128),
        CONCAT(LEFT(problem, 80), ' (and ', problem_count - 1, ' more: @processing_job_problems)')
      );
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = message;
  END IF;

  IF own_transaction THEN
    COMMIT;
  ELSE
    RELEASE SAVEPOINT create_processing_job;
  END IF;
  SET p_result = CONCAT(
    '{"processingJobId": ', job_id, ', "autoProcProgramId": ', IFNULL(program_id, 'null'),
    ', "parameterIds": [', IFNULL(parameter_ids, ''), '], "sweepIds": [', IFNULL(sweep_ids, ''), ']}'
  );
END;
