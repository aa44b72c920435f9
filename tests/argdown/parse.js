// Argdown texts in, a JSON string a line; what Argdown's own parser made of each out, likewise.

import { createInterface } from "node:readline";
import { argdown } from "@argdown/core";

const member = (item) =>
  item.type === "inference" ? ["argument", item.argumentTitle] : [item.type, item.title];

// The words of a statement or an argument where it is defined, not where it is referred to.
const written = (item) => ({
  text: item.members.filter((m) => !m.isReference).map((m) => m.text),
  tags: item.tags ?? [],
  data: item.data ?? null,
});

const entries = (items, of) => Object.values(items).map((item) => [item.title, of(item)]);

function parse(input) {
  const found = argdown.run({ process: ["parse-input", "build-model"], input, logLevel: "silent" });
  const errors = [...found.lexerErrors, ...found.parserErrors].map((error) => error.message);
  if (errors.length) return { errors };
  return {
    errors,
    frontMatter: found.frontMatter ?? null,
    sections: found.sections.map((section) => [section.title, section.data]),
    statements: entries(found.statements, written),
    arguments: entries(found.arguments, (item) => ({
      ...written(item),
      steps: item.pcs.map((step) => [step.role, step.title]),
    })),
    relations: found.relations.map((r) => [member(r.from), r.relationType, member(r.to)]),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = parse(JSON.parse(line));
  } catch (error) {
    answer = { errors: [String(error.stack)] };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
