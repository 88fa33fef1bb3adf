// The official Anthropic SDK.
import { CITY, PIXEL, QUESTION, TOOLS_PLEASE, load, many, model, run, tags, thrown, token, url } from "./harness.mjs";

const Anthropic = load("@anthropic-ai/sdk").default;
const { betaTool } = load("@anthropic-ai/sdk/helpers/beta/json-schema");

const client = (name, key = token) =>
  new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0, defaultHeaders: tags(name) });
const said = (text) => [{ role: "user", content: text }];
const ask = (name, text, more = {}) =>
  client(name).messages.create({ model, max_tokens: 900, messages: said(text), ...more });
const textOf = (message) =>
  message.content
    .filter((block) => block.type === "text")
    .map((block) => block.text)
    .join("");
const whole = (message) => ({ text: textOf(message), stop: message.stop_reason, usage: message.usage });

await run({
  simple: async (name) => whole(await ask(name, QUESTION)),
  async stream(name) {
    const stream = client(name).messages.stream({ model, max_tokens: 900, messages: said(QUESTION) });
    let text = "";
    stream.on("text", (piece) => (text += piece));
    const message = await stream.finalMessage();
    return { ...whole(message), same: text === textOf(message) };
  },
  async multi_turn(name) {
    const messages = [...said("Hello."), { role: "assistant", content: "Good day." }, ...said(QUESTION)];
    return whole(
      await client(name).messages.create({ model, max_tokens: 900, system: "Be brief.", messages }),
    );
  },
  async tools(name) {
    const seen = [];
    const tools = ["weather", "tides"].map((tool) =>
      betaTool({
        name: tool,
        description: `The ${tool} of a city.`,
        inputSchema: CITY,
        run: async (given) => {
          seen.push([tool, Object.keys(given).sort()]);
          return "calm";
        },
      }),
    );
    const message = await client(name).beta.messages.toolRunner({
      model,
      max_tokens: 9000,
      messages: said(TOOLS_PLEASE),
      tools,
    });
    return { ...whole(message), seen };
  },
  async structured(name) {
    const message = await ask(name, "Plan a trip.", {
      output_config: { format: { type: "json_schema", schema: CITY } },
    });
    return { keys: Object.keys(JSON.parse(textOf(message))).sort() };
  },
  async image(name) {
    const source = { type: "base64", media_type: "image/png", data: PIXEL };
    const content = [
      { type: "text", text: "What is this?" },
      { type: "image", source },
    ];
    return whole(
      await client(name).messages.create({ model, max_tokens: 900, messages: [{ role: "user", content }] }),
    );
  },
  async thinking(name) {
    const message = await ask(name, "Think hard about it. [[sim output=1500 reasoning=1200]]", {
      max_tokens: 5000,
      thinking: { type: "enabled", budget_tokens: 2000 },
    });
    return { ...whole(message), kinds: message.content.map((block) => block.type) };
  },
  async cached(name) {
    const long = "The same beginning of a long conversation. ".repeat(400);
    const content = [
      { type: "text", text: long, cache_control: { type: "ephemeral" } },
      { type: "text", text: "Go on. [[sim input=5000 cached=4000]]" },
    ];
    return whole(
      await client(name).messages.create({ model, max_tokens: 900, messages: [{ role: "user", content }] }),
    );
  },
  counting: (name) => client(name).messages.countTokens({ model, messages: said(QUESTION) }),
  async models(name) {
    const listed = [];
    for await (const each of client(name).models.list()) listed.push(each.id);
    const one = await client(name).models.retrieve(model);
    return { listed: listed.includes(model), one: one.id };
  },
  error_400: (name) =>
    thrown(() => client(name).messages.create({ model, max_tokens: 900, messages: "no list" })),
  error_401: (name) =>
    thrown(() => client(name, "wrong").messages.create({ model, max_tokens: 9, messages: said("Hello.") })),
  budget: (name) => thrown(() => ask(name, "Too dear.")),
  error_404: (name) => thrown(() => ask(name, "Hello.", { model: "no-such-model" })),
  error_429: (name) => thrown(() => ask(name, "Fail. [[sim status=429 retry_after=7]]")),
  error_500: (name) => thrown(() => ask(name, "Fail. [[sim status=500]]")),
  error_529: (name) => thrown(() => ask(name, "Fail. [[sim status=529]]")),
  broken: (name) =>
    thrown(async () => {
      const stream = await ask(name, "Break. [[sim break=clean:2 output=200 chunks=9]]", { stream: true });
      for await (const event of stream) void event;
    }),
  async cancel(name) {
    const stream = await ask(name, "Go on. [[sim output=400 chunks=80 gap=0.05]]", { stream: true });
    let events = 0;
    for await (const event of stream) {
      void event;
      if (++events === 6) break;
    }
    return { events };
  },
  async parallel(name) {
    const answers = await many(100, (number) => ask(name, `Question ${number}. [[sim output=5]]`));
    return { answers: answers.filter(textOf).length };
  },
});
