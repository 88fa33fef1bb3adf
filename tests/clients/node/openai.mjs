// The official OpenAI SDK.
import { CITY, PIXEL, QUESTION, TOOLS_PLEASE, load, many, model, run, tags, thrown, token, url } from "./harness.mjs";

const { OpenAI } = load("openai");
const { zodResponseFormat } = load("openai/helpers/zod");
const { z } = load("zod");

const client = (name, key = token) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0, defaultHeaders: tags(name) });
const said = (text) => [{ role: "user", content: text }];
const ask = (name, text, more = {}) =>
  client(name).chat.completions.create({ model, messages: said(text), ...more });

const runnable = (seen) =>
  ["weather", "tides"].map((name) => ({
    type: "function",
    function: {
      name,
      description: `The ${name} of a city.`,
      parameters: CITY,
      parse: JSON.parse,
      function: async (given) => {
        seen.push([name, Object.keys(given).sort()]);
        return "calm";
      },
    },
  }));

async function streamed(stream) {
  let text = "";
  let usage = null;
  let finish = null;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  return { text, usage, finish };
}

await run({
  async simple(name) {
    const answer = await ask(name, QUESTION);
    return { text: answer.choices[0].message.content, finish: answer.choices[0].finish_reason, usage: answer.usage };
  },
  stream: async (name) => streamed(await ask(name, QUESTION, { stream: true })),
  stream_usage: async (name) =>
    streamed(await ask(name, QUESTION, { stream: true, stream_options: { include_usage: true } })),
  async multi_turn(name) {
    const messages = [
      { role: "developer", content: "Be brief." },
      ...said("Hello."),
      { role: "assistant", content: "Good day." },
      ...said(QUESTION),
    ];
    const answer = await client(name).chat.completions.create({ model, messages });
    return { text: answer.choices[0].message.content };
  },
  async tools(name) {
    const seen = [];
    const runner = client(name).chat.completions.runTools({
      model,
      messages: said(TOOLS_PLEASE),
      tools: runnable(seen),
      max_completion_tokens: 9000,
    });
    return { text: await runner.finalContent(), seen };
  },
  async tools_stream(name) {
    const seen = [];
    const runner = client(name).chat.completions.runTools({
      model,
      stream: true,
      messages: said(TOOLS_PLEASE),
      tools: runnable(seen),
      max_completion_tokens: 9000,
    });
    return { text: await runner.finalContent(), seen };
  },
  async structured(name) {
    const shape = z.object({ city: z.string(), days: z.number().int() });
    const answer = await client(name).chat.completions.parse({
      model,
      messages: said("Plan a trip."),
      response_format: zodResponseFormat(shape, "trip"),
    });
    return { keys: Object.keys(answer.choices[0].message.parsed).sort() };
  },
  async image(name) {
    const content = [
      { type: "text", text: "What is this?" },
      { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
    ];
    const answer = await client(name).chat.completions.create({ model, messages: [{ role: "user", content }] });
    return { text: answer.choices[0].message.content };
  },
  async responses(name) {
    const answer = await client(name).responses.create({ model, input: QUESTION, store: false });
    return { text: answer.output_text, status: answer.status, usage: answer.usage };
  },
  async responses_stream(name) {
    const stream = client(name).responses.stream({ model, input: QUESTION, store: false });
    const kinds = new Set();
    for await (const event of stream) kinds.add(event.type);
    const answer = await stream.finalResponse();
    return { text: answer.output_text, status: answer.status, usage: answer.usage, kinds: [...kinds] };
  },
  async reasoning(name) {
    const answer = await client(name).responses.create({
      model,
      input: "Think hard about it. [[sim output=300 reasoning=200]]",
      reasoning: { effort: "high", summary: "auto" },
      max_output_tokens: 5000,
      store: false,
    });
    return { usage: answer.usage };
  },
  async cached(name) {
    const long = "The same beginning of a long conversation. ".repeat(400);
    const answer = await ask(name, `${long} [[sim input=5000 cached=4000]]`);
    return { usage: answer.usage };
  },
  async counting(name) {
    return await client(name).responses.inputTokens.count({ model, input: QUESTION });
  },
  async embeddings(name) {
    const small = model.startsWith("gpt") ? "text-embedding-3-small" : "gemini-embedding-001";
    const answer = await client(name).embeddings.create({ model: small, input: ["tide", "moon"], dimensions: 8 });
    return { sizes: answer.data.map((each) => each.embedding.length), usage: answer.usage };
  },
  async models(name) {
    const listed = [];
    for await (const each of client(name).models.list()) listed.push(each.id);
    const one = await client(name).models.retrieve(model);
    return { listed: listed.includes(model), one: one.id };
  },
  error_400: (name) => thrown(() => client(name).chat.completions.create({ model, messages: "no list" })),
  error_401: (name) =>
    thrown(() => client(name, "wrong").chat.completions.create({ model, messages: said("Hello.") })),
  budget: (name) => thrown(() => ask(name, "Too dear.")),
  error_404: (name) =>
    thrown(() => client(name).chat.completions.create({ model: "no-such-model", messages: said("Hello.") })),
  error_429: (name) => thrown(() => ask(name, "Fail. [[sim status=429 retry_after=7]]")),
  error_500: (name) => thrown(() => ask(name, "Fail. [[sim status=500]]")),
  error_529: (name) => thrown(() => ask(name, "Fail. [[sim status=529]]")),
  broken: (name) =>
    thrown(async () => {
      const stream = await ask(name, "Break. [[sim break=clean:2 output=200 chunks=9]]", { stream: true });
      for await (const chunk of stream) void chunk;
    }),
  async cancel(name) {
    const stream = await ask(name, "Go on. [[sim output=400 chunks=80 gap=0.05]]", { stream: true });
    let chunks = 0;
    for await (const chunk of stream) {
      void chunk;
      if (++chunks === 5) break;
    }
    return { chunks };
  },
  async parallel(name) {
    const answers = await many(100, (number) => ask(name, `Question ${number}. [[sim output=5]]`));
    return { answers: answers.filter((each) => each.choices[0].message.content).length };
  },
});
