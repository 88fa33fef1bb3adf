// The AI SDK of Vercel, with the provider package of the model's own maker, or, where the model is written as
// PACKAGE:MODEL, with that one.
import { PIXEL, QUESTION, TOOLS_PLEASE, load, many, model, run, tags, thrown, token, url } from "./harness.mjs";

const { embedMany, generateText, Output, stepCountIs, streamText, tool } = load("ai");
const { z } = load("zod");

const [pack, wanted] = model.split(":");
const makers = {
  openai: (headers, key) =>
    load("@ai-sdk/openai").createOpenAI({ baseURL: `${url}/v1`, apiKey: key, headers }),
  compatible: (headers, key) =>
    load("@ai-sdk/openai-compatible").createOpenAICompatible({
      name: "gateway",
      baseURL: `${url}/v1`,
      apiKey: key,
      headers,
      includeUsage: true,
      supportsStructuredOutputs: true,
    }),
  anthropic: (headers, key) =>
    load("@ai-sdk/anthropic").createAnthropic({ baseURL: `${url}/v1`, apiKey: key, headers }),
  google: (headers, key) =>
    load("@ai-sdk/google").createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: key, headers }),
};
const maker = (name, key = token) => makers[pack](tags(name), key);
const common = (name, key) => ({ model: maker(name, key)(wanted), maxRetries: 0, maxOutputTokens: 9000 });
const city = z.object({ city: z.string(), days: z.number().int() });
const offered = (seen) =>
  Object.fromEntries(
    ["weather", "tides"].map((name) => [
      name,
      tool({
        description: `The ${name} of a city.`,
        inputSchema: city,
        execute: async (given) => {
          seen.push([name, Object.keys(given).sort()]);
          return "calm";
        },
      }),
    ]),
  );
const failing = (name, prompt, key) => thrown(() => generateText({ ...common(name, key), prompt }));

await run({
  async simple(name) {
    const { text, finishReason, usage } = await generateText({ ...common(name), prompt: QUESTION });
    return { text, finish: finishReason, usage };
  },
  async stream(name) {
    const result = streamText({ ...common(name), prompt: QUESTION });
    let text = "";
    for await (const piece of result.textStream) text += piece;
    return { text, finish: await result.finishReason, usage: await result.usage };
  },
  async multi_turn(name) {
    const messages = [
      { role: "user", content: "Hello." },
      { role: "assistant", content: "Good day." },
      { role: "user", content: QUESTION },
    ];
    const { text } = await generateText({ ...common(name), system: "Be brief.", messages });
    return { text };
  },
  async tools(name) {
    const seen = [];
    const { text } = await generateText({
      ...common(name),
      prompt: TOOLS_PLEASE,
      tools: offered(seen),
      stopWhen: stepCountIs(3),
    });
    return { text, seen };
  },
  async tools_stream(name) {
    const seen = [];
    const result = streamText({
      ...common(name),
      prompt: TOOLS_PLEASE,
      tools: offered(seen),
      stopWhen: stepCountIs(3),
    });
    let text = "";
    for await (const piece of result.textStream) text += piece;
    return { text, seen };
  },
  async structured(name) {
    const output = Output.object({ schema: city });
    const result = await generateText({ ...common(name), prompt: "Plan a trip.", output });
    return { keys: Object.keys(result.output).sort() };
  },
  async image(name) {
    const content = [
      { type: "text", text: "What is this?" },
      { type: "image", image: PIXEL, mediaType: "image/png" },
    ];
    const { text } = await generateText({ ...common(name), messages: [{ role: "user", content }] });
    return { text };
  },
  ...(pack === "openai" || pack === "google"
    ? {
        async embeddings(name) {
          const small = pack === "openai" ? "text-embedding-3-small" : "gemini-embedding-001";
          const { embeddings } = await embedMany({
            model: maker(name).textEmbeddingModel(small),
            values: ["tide", "moon"],
            maxRetries: 0,
          });
          return { sizes: embeddings.map((each) => each.length) };
        },
      }
    : {}),
  error_401: (name) => failing(name, "Hello.", "wrong"),
  budget: (name) => failing(name, "Too dear."),
  error_429: (name) => failing(name, "Fail. [[sim status=429 retry_after=7]]"),
  error_500: (name) => failing(name, "Fail. [[sim status=500]]"),
  broken: (name) =>
    thrown(async () => {
      const prompt = "Break. [[sim break=error:2 output=200 chunks=9]]";
      const result = streamText({ ...common(name), prompt, onError: () => {} });
      for await (const part of result.fullStream) if (part.type === "error") throw part.error;
    }),
  async cancel(name) {
    const leaving = new AbortController();
    const prompt = "Go on. [[sim output=400 chunks=80 gap=0.05]]";
    const result = streamText({ ...common(name), prompt, abortSignal: leaving.signal });
    let pieces = 0;
    for await (const piece of result.textStream) {
      void piece;
      if (++pieces === 5) leaving.abort();
    }
    return { pieces };
  },
  async parallel(name) {
    const answers = await many(100, (number) =>
      generateText({ ...common(name), prompt: `Question ${number}. [[sim output=5]]` }),
    );
    return { answers: answers.filter((each) => each.text).length };
  },
});
