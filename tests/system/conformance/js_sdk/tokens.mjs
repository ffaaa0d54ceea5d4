// An ephemeral token made and used by the unmodified @google/genai. The address comes from GOOGLE_GEMINI_BASE_URL.
import { GoogleGenAI, Modality } from '@google/genai';

const httpOptions = { apiVersion: 'v1alpha' };
const maker = new GoogleGenAI({ apiKey: 'right', httpOptions });
const config = { responseModalities: [Modality.AUDIO], systemInstruction: 'Be kind.' };
const token = await maker.authTokens.create({
  config: { uses: 1, liveConnectConstraints: { model: 'gemini-3.8-live', config }, lockAdditionalFields: [] },
});

/** Open a session with the token and ask for something else than it is locked to; how it ended or what was said. */
async function attempt() {
  const ai = new GoogleGenAI({ apiKey: token.name, httpOptions });
  return new Promise((resolve) => {
    let text = '';
    let session;
    ai.live.connect({
      model: 'gemini-dear',
      config: { ...config, systemInstruction: 'Be rude.', outputAudioTranscription: {} },
      callbacks: {
        onmessage(message) {
          text += message.serverContent?.outputTranscription?.text ?? '';
          if (message.serverContent?.turnComplete) { session.close(); resolve(text); }
        },
        onclose(event) { resolve(`${event.code} ${event.reason}`); },
      },
    }).then((opened) => { session = opened; session.sendRealtimeInput({ text: 'hi' }); }, () => {});
  });
}

console.log(JSON.stringify({ first: await attempt(), second: await attempt() }));
