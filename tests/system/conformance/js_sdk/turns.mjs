// Two sessions with the unmodified @google/genai: a written turn, and a spoken one with a tool call.
// The server's address comes from GOOGLE_GEMINI_BASE_URL, the key from GOOGLE_API_KEY; what happened goes to standard output as JSON.
import { GoogleGenAI, Modality } from '@google/genai';

const ai = new GoogleGenAI({ apiKey: process.env.GOOGLE_API_KEY });

/** Open a session; `next()` gives its messages one by one. */
async function open(model, config) {
  const waiting = [];
  let wake = () => {};
  const session = await ai.live.connect({
    model,
    config,
    callbacks: {
      onmessage(message) { waiting.push(message); wake(); },
      onerror(event) { throw new Error(event.message); },
    },
  });
  const next = async () => {
    while (waiting.length === 0) await new Promise((resolve) => { wake = resolve; });
    return waiting.shift();
  };
  return { session, next };
}

/** Everything the model says in one turn; tool calls are answered with `result`. */
async function turn({ session, next }, result) {
  const said = { text: '', heard: '', spoken: '', calls: [], audio: [], tokens: 0 };
  for (;;) {
    const message = await next();
    for (const call of message.toolCall?.functionCalls ?? []) {
      said.calls.push({ name: call.name, args: call.args });
      session.sendToolResponse({ functionResponses: { id: call.id, name: call.name, response: result } });
    }
    const content = message.serverContent;
    for (const part of content?.modelTurn?.parts ?? []) {
      said.text += part.text ?? '';
      if (part.inlineData) said.audio.push(Buffer.from(part.inlineData.data, 'base64'));
    }
    said.heard += content?.inputTranscription?.text ?? '';
    said.spoken += content?.outputTranscription?.text ?? '';
    if (content?.turnComplete) {
      said.tokens = message.usageMetadata?.totalTokenCount ?? 0;
      said.audio = Buffer.concat(said.audio).toString('base64');
      session.close();
      return said;
    }
  }
}

const writing = await open('gemini-live-2.5-flash-preview', { responseModalities: [Modality.TEXT] });
writing.session.sendClientContent({ turns: 'hello', turnComplete: true });
const written = await turn(writing);

const speaking = await open('gemini-2.5-flash-native-audio-latest', {
  responseModalities: [Modality.AUDIO],
  inputAudioTranscription: {},
  outputAudioTranscription: {},
  realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
  tools: [{ functionDeclarations: [{ name: 'set_device' }] }],
});
speaking.session.sendRealtimeInput({ activityStart: {} });
for (let i = 0; i < 50; i++) {
  const data = Buffer.alloc(640, i).toString('base64');
  speaking.session.sendRealtimeInput({ audio: { data, mimeType: 'audio/pcm;rate=16000' } });
}
speaking.session.sendRealtimeInput({ activityEnd: {} });
const spoken = await turn(speaking, { on: true });

console.log(JSON.stringify({ written, spoken }));
