// The official Google SDK.
import { CITY, PIXEL, QUESTION, TOOLS_PLEASE, load, many, model, run, tags, thrown, token, url } from "./harness.mjs";

const { GoogleGenAI } = load("@google/genai");

const client = (name, key = token) =>
  new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url, headers: tags(name) } });
const ask = (name, contents, config = {}) => client(name).models.generateContent({ model, contents, config });
const whole = (answer) => ({
  text: answer.text,
  finish: answer.candidates?.[0]?.finishReason,
  usage: answer.usageMetadata,
});
const functions = ["weather", "tides"].map((name) => ({
  name,
  description: `The ${name} of a city.`,
  parametersJsonSchema: CITY,
}));

await run({
  simple: async (name) => whole(await ask(name, QUESTION)),
  async stream(name) {
    let text = "";
    let last = null;
    for await (const chunk of await client(name).models.generateContentStream({ model, contents: QUESTION })) {
      text += chunk.text ?? "";
      last = chunk;
    }
    return { ...whole(last), text };
  },
  async multi_turn(name) {
    const chat = client(name).chats.create({ model, config: { systemInstruction: "Be brief." } });
    await chat.sendMessage({ message: "Hello." });
    return whole(await chat.sendMessage({ message: QUESTION }));
  },
  async tools(name) {
    const config = { tools: [{ functionDeclarations: functions }] };
    const contents = [{ role: "user", parts: [{ text: TOOLS_PLEASE }] }];
    const first = await ask(name, contents, config);
    const seen = first.functionCalls.map((call) => [call.name, Object.keys(call.args).sort()]);
    contents.push(first.candidates[0].content, {
      role: "user",
      parts: first.functionCalls.map((call) => ({
        functionResponse: { id: call.id, name: call.name, response: { output: "calm" } },
      })),
    });
    return { ...whole(await ask(name, contents, config)), seen };
  },
  async structured(name) {
    const config = { responseMimeType: "application/json", responseJsonSchema: CITY };
    const answer = await ask(name, "Plan a trip.", config);
    return { keys: Object.keys(JSON.parse(answer.text)).sort() };
  },
  image: async (name) =>
    whole(await ask(name, ["What is this?", { inlineData: { mimeType: "image/png", data: PIXEL } }])),
  async thinking(name) {
    const config = { thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 }, maxOutputTokens: 5000 };
    return whole(await ask(name, "Think hard about it. [[sim output=1500 reasoning=1200]]", config));
  },
  async cached(name) {
    const long = "The same beginning of a long conversation. ".repeat(400);
    return whole(await ask(name, `${long} [[sim input=5000 cached=4000]]`));
  },
  counting: (name) => client(name).models.countTokens({ model, contents: QUESTION }),
  async embeddings(name) {
    const answer = await client(name).models.embedContent({
      model: "gemini-embedding-001",
      contents: ["tide", "moon"],
      config: { outputDimensionality: 8 },
    });
    return { sizes: answer.embeddings.map((each) => each.values.length) };
  },
  async models(name) {
    const listed = [];
    for await (const each of await client(name).models.list()) listed.push(each.name);
    const one = await client(name).models.get({ model });
    return { listed: listed.includes(`models/${model}`), one: one.name.replace("models/", "") };
  },
  error_400: (name) => thrown(() => ask(name, "Hello.", { maxOutputTokens: 2 ** 40 })),
  error_401: (name) =>
    thrown(() => client(name, "wrong").models.generateContent({ model, contents: "Hello." })),
  budget: (name) => thrown(() => ask(name, "Too dear.")),
  error_404: (name) =>
    thrown(() => client(name).models.generateContent({ model: "no-such-model", contents: "Hello." })),
  error_429: (name) => thrown(() => ask(name, "Fail. [[sim status=429 retry_after=7]]")),
  error_500: (name) => thrown(() => ask(name, "Fail. [[sim status=500]]")),
  broken: (name) =>
    thrown(async () => {
      const contents = "Break. [[sim break=error:2 output=200 chunks=9]]";
      for await (const chunk of await client(name).models.generateContentStream({ model, contents })) void chunk;
    }),
  async cancel(name) {
    const contents = "Go on. [[sim output=400 chunks=80 gap=0.05]]";
    const leaving = new AbortController();
    const config = { abortSignal: leaving.signal };
    let chunks = 0;
    try {
      for await (const chunk of await client(name).models.generateContentStream({ model, contents, config })) {
        void chunk;
        if (++chunks === 5) leaving.abort();
      }
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
    return { chunks };
  },
  async parallel(name) {
    const answers = await many(100, (number) => ask(name, `Question ${number}. [[sim output=5]]`));
    return { answers: answers.filter((each) => each.text).length };
  },
});
