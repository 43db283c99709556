// Reads {name: definition} from stdin and writes {name: [complaints]} of two independent ASL validators.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const require = createRequire(import.meta.url);
const aslValidator = require("asl-validator");
const { getLanguageService, TextDocument } = require("amazon-states-language-service");

const service = getLanguageService({});

async function complaints(definition) {
  const found = [];
  const { isValid, errors, errorsText } = aslValidator(definition, { checkArn: false });
  if (!isValid) found.push(...errors.map((error) => `asl-validator: ${JSON.stringify(error)}`));
  const document = TextDocument.create("file:///machine.asl.json", "asl", 1, JSON.stringify(definition));
  const parsed = service.parseJSONDocument(document);
  const findings = await service.doValidation(document, parsed);
  found.push(...findings.map((finding) => `language service: ${finding.message}`));
  return found;
}

const definitions = JSON.parse(await text(process.stdin));
const answers = {};
for (const [name, definition] of Object.entries(definitions)) answers[name] = await complaints(definition);
process.stdout.write(JSON.stringify(answers));
