// Reads [{id, language, text, data}] from stdin and writes {id: {value} | {error}}: `jsonata` is evaluated with data as
// input, `feel` and `unary` by feelin with data as context. Values are written as JSON; undefined is the text "undefined".
import { text } from "node:stream/consumers";
import { createRequire } from "node:module";
import { evaluate, unaryTest } from "feelin";

const jsonata = createRequire(import.meta.url)("jsonata");

async function answer({ language, text: source, data }) {
  if (language === "jsonata") return jsonata(source).evaluate(data);
  return language === "feel" ? evaluate(source, data).value : unaryTest(source, data).value;
}

function plain(value) {
  if (value === undefined) return "undefined";
  if (value !== null && typeof value === "object" && !Array.isArray(value) && value.constructor !== Object) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
}

const answers = {};
for (const question of JSON.parse(await text(process.stdin))) {
  try {
    answers[question.id] = { value: plain(await answer(question)) };
  } catch (error) {
    answers[question.id] = { error: String(error.message ?? error.code ?? error) };
  }
}
process.stdout.write(JSON.stringify(answers));
