// Reads an OpenAPI document from standard input; writes what is wrong with it as JSON, [] when nothing is.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";

const found = await new Validator().validate(JSON.parse(readFileSync(0, "utf8")));
console.log(JSON.stringify(found.valid ? [] : found.errors));
