// Runs the cases of one SDK against the gateway, one after the other, and prints a line of JSON for each.
// LLMCONSOLE_CLIENTS is the folder where the SDKs are installed; the arguments are URL, token and model.
import { createRequire } from "node:module";

export const load = createRequire(`${process.env.LLMCONSOLE_CLIENTS}/`);
export const [url, token, model] = process.argv.slice(2);

export const QUESTION = "How do tides work?";
export const TOOLS_PLEASE = "Please use the tools.";
export const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const CITY = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city", "days"],
  additionalProperties: false,
};

// Every call of a case carries its name as a tag: so its rows are found.
export const tags = (name) => ({ "x-llmconsole-tags": `case=${name}` });

// A whole SDK's worth of calls at once: the texts of all that were answered.
export const many = (count, ask) => Promise.all(Array.from({ length: count }, (_, number) => ask(number)));

// What an SDK throws, as far as all of them say it.
export async function thrown(ask) {
  try {
    await ask();
  } catch (error) {
    const inner = error.lastError ?? error;
    const status = inner.status ?? inner.statusCode ?? null;
    return { kind: inner.constructor.name, status, message: String(inner.message) };
  }
  return { kind: "nothing", status: null, message: "" };
}

export async function run(cases) {
  for (const [name, ask] of Object.entries(cases)) {
    let line;
    try {
      line = { case: name, value: (await ask(name)) ?? null };
    } catch (error) {
      line = { case: name, error: `${error.constructor.name}: ${error.message}` };
    }
    console.log(JSON.stringify(line));
  }
}
