import { expect, test } from "vitest";
import { faultOf } from "./well-formed.ts";

test.each([
  "<a",
  "<a>",
  "<a></b>",
  "<a/>text",
  "<a>&nbsp;</a>",
  '<a b="<"/>',
  "<a>\u0001</a>",
  "<a>\uD800</a>",
  "<a b='c'/>",
])("the check of pictures finds what is wrong with %j", (xml) => expect(faultOf(xml)).toBeTypeOf("string"));
