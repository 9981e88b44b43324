// Sending what waits. An answer leaves the phone's storage only after the server said what became of it;
// its id never changes, so that one which is sent twice is taken once.

import * as store from './store.js';

const EVERY = 8000, BATCH = 40;
let running = false, wanted = false, timer = 0, told = () => {};

export const net = { state: 'start', says: '', sending: new Set() };

export function onChange(call) { told = call; }

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12)); // randomUUID needs https
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export async function ask(path, { body, type, seconds = 30 } = {}) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const headers = { 'X-Checklist': '1' };
    if (type) headers['Content-Type'] = type;
    const response = await fetch(path, {
      method: body === undefined ? 'GET' : 'POST', body, headers, signal: stop.signal,
      cache: 'no-store', credentials: 'same-origin', redirect: 'error',
    });
    const data = await response.json();
    return { status: response.status, data };
  } finally {
    clearTimeout(late);
  }
}

function now(state, says = '') {
  net.state = state;
  net.says = says;
  told();
}

// Why the server would not take it now: the link is old, or something is wrong on its side.
function stopped({ status, data }) {
  if (status === 401 || status === 403) { now('locked', data.says || ''); return true; }
  if (status >= 500) { now('trouble', data.says || ''); return true; }
  return false;
}

async function sendPhotos(answer) {
  const names = [];
  for (const photo of await store.photosOf(answer.photos)) {
    if (photo.refused) continue;
    if (photo.name) { names.push(photo.name); continue; }
    const about = new URLSearchParams({ ...slot(answer), by: answer.by });
    const got = await ask('api/photos?' + about, { body: photo.bytes, type: photo.type || 'image/jpeg', seconds: 180 });
    if (stopped(got)) return null;
    if (got.status !== 200) {
      await store.addPhoto({ ...photo, refused: got.data.says || '照片没有收' });
      told('photo', got.data.says || '照片没有收');
      continue;
    }
    await store.addPhoto({ ...photo, name: got.data.name });
    names.push(got.data.name);
  }
  return names;
}

const slot = (answer) => {
  const [fact, site = ''] = answer.fact.split('@');
  return { fact, site };
};

const wire = (answer, photos) => {
  const sent = { id: answer.id, ...slot(answer), by: answer.by, note: answer.note || '', seen: answer.seen, photos };
  if (answer.unknown) sent.unknown = answer.unknown; else sent.value = answer.value;
  if (answer.on) sent.on = answer.on;
  if (answer.decide) sent.decide = answer.decide;
  return sent;
};

async function settle(result, answer) {
  if (result.kind === 'refused' || result.kind === 'conflict') {
    await store.changeAnswer(answer.id, {
      state: result.kind, says: result.says, recorded: result.recorded || null,
    });
  } else {
    await store.dropAnswer(answer);
  }
}

async function sendOnce() {
  const waiting = (await store.answers()).filter((a) => a.state === 'queued').slice(0, BATCH);
  if (!waiting.length) return 'empty';
  waiting.forEach((a) => net.sending.add(a.id));
  const batch = [];
  for (const answer of waiting) {
    const photos = await sendPhotos(answer);
    if (photos === null) return 'stopped';
    batch.push(wire(answer, photos));
  }
  const body = JSON.stringify({ now: Date.now(), answers: batch });
  const got = await ask('api/answers', { body, type: 'application/json', seconds: 60 });
  if (stopped(got)) return 'stopped';
  if (got.status !== 200) { now('trouble', got.data.says || ''); return 'stopped'; }
  for (const result of got.data.results) {
    const answer = waiting.find((a) => a.id === result.id);
    if (answer) await settle(result, answer);
  }
  told('sent', got.data);
  if (got.data.trouble) { now('trouble', got.data.trouble); return 'stopped'; }
  return got.data.results.length ? 'more' : 'stopped';
}

export async function send() {
  wanted = true;
  if (running) return;
  running = true;
  clearTimeout(timer);
  let end = 'stopped';
  try {
    while (wanted) {
      wanted = false;
      do { end = await sendOnce(); net.sending.clear(); } while (end === 'more');
    }
    if (end === 'empty' && net.state !== 'locked') now('on');
  } catch (error) {
    now('off', error && error.name === 'AbortError' ? '网络太慢' : '');
  } finally {
    net.sending.clear();
    running = false;
    timer = setTimeout(send, EVERY);
  }
}

// The board: what others answered meanwhile, and whether the server is there at all.
export async function fetchBoard(known) {
  try {
    const got = await ask('api/board?v=' + encodeURIComponent(known || ''));
    if (stopped(got)) return null;
    now('on');
    return got.data;
  } catch {
    now('off');
    return null;
  }
}
