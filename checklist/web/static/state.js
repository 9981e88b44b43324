// What the page knows: the last board from the server, the answers that wait on this phone, who is filling in.

import * as store from './store.js';
import { net, newId } from './send.js';
import { localDay } from './dom.js';

export const page = { board: null, waiting: [], who: '', notices: [], filter: 'open', start: null,
  noShell: !navigator.serviceWorker };
const KEY = document.documentElement.dataset.key;
let order = 0;

export async function load() {
  await store.open(KEY);
  page.board = asked((await store.kept('board')) || null);
  page.who = (await store.kept('who')) || '';
  page.notices = (await store.kept('notices')) || [];
  page.filter = (await store.kept('filter')) || 'open';
  page.start = (await store.kept('start')) || null;
  await refresh();
}

export const refresh = async () => { page.waiting = await store.answers(); };

// Every question at every site is a question of its own; its id has the site behind a sign that neither holds.
function asked(board) {
  if (!board || !board.at) return board; // one that was kept before there were sites has none
  const at = board.sites.flatMap((s) => board.site_facts.filter((f) => f.kind === s.kind)
    .map((f) => ({ ...f, ...board.at[s.id][f.id], id: `${f.id}@${s.id}`, site: s.id })));
  return { ...board, facts: [...board.facts.filter((f) => !f.site), ...at] };
}

export async function setBoard(board) {
  page.board = asked(board);
  await store.keep('board', board);
  await began();
}

// The interval with which this phone's day began, to show how far it has narrowed.
async function began() {
  if (page.start && page.start.day === page.board.today) return;
  page.start = { day: page.board.today, ...page.board.score };
  await store.keep('start', page.start);
}

export async function merge(sent) {
  if (!page.board || !sent.score) return;
  const { score, facts, version } = sent;
  const known = page.board.facts.map((f) => (!f.site && facts[f.id] ? { ...f, ...facts[f.id] } : f));
  const at = { ...page.board.at };
  for (const [id, now] of Object.entries(facts)) {
    const [name, site] = id.split('@');
    if (site && at[site]) at[site] = { ...at[site], [name]: now };
  }
  // The version stays as it was: others may have changed what was not asked about, the next board tells.
  await setBoard({ ...page.board, score, facts: known, at, version: version ? '' : page.board.version });
}

export async function setWho(who) { page.who = who; await store.keep('who', who); }
export async function setFilter(filter) { page.filter = filter; await store.keep('filter', filter); }
export async function notice(text) {
  page.notices = [...page.notices.filter((n) => n !== text), text].slice(-20);
  await store.keep('notices', page.notices);
}
export async function clearNotices() { page.notices = []; await store.keep('notices', []); }

export const fact = (id) => page.board && page.board.facts.find((f) => f.id === id);
// What is asked at sites, without one: an answer from before the sites were listed names none.
export const siteFact = (id) => ((page.board && page.board.site_facts) || []).find((f) => f.id === id);
export const waitingFor = (id) => page.waiting.filter((a) => a.fact === id).pop();
export const queued = () => page.waiting.filter((a) => a.state === 'queued');
export const toDecide = () => page.waiting.filter((a) => a.state !== 'queued');

export function status(f) {
  const mine = waitingFor(f.id);
  if (mine) return mine.state;
  if (!f.because) return 'ok';
  return { said_unknown: 'unsure', stale: 'stale', unusable: 'wrong' }[f.because] || 'open';
}

// Still to be looked at: not known, and not already called 说不清 today.
export function isOpen(f) {
  const s = status(f);
  return s === 'open' || s === 'stale' || s === 'wrong' || (s === 'unsure' && f.now && f.now.on !== page.board.today);
}

export function listed(place) {
  const facts = page.board ? page.board.facts : [];
  if (place.startsWith('~')) {
    const words = place.slice(1).trim();
    return facts.filter((f) => (f.label + f.ask).includes(words));
  }
  if (place.startsWith('@')) return facts.filter((f) => f.site === place.slice(1));
  return place === '*' ? facts : facts.filter((f) => f.place === place && !f.site);
}

export const siteOf = (id) => ((page.board && page.board.sites) || []).find((s) => s.id === id);

// The site to walk after this one: the next in the list that has something open, begun again at its end.
export function nextSite(id) {
  const sites = page.board.sites, at = sites.findIndex((s) => s.id === id);
  return [...sites.slice(at + 1), ...sites.slice(0, at)].find((s) => listed('@' + s.id).some(isOpen));
}

export function nextOpen(list, id) {
  const at = list.findIndex((f) => f.id === id);
  return [...list.slice(at + 1), ...list.slice(0, Math.max(at, 0))].find(isOpen);
}

export async function saveAnswer(f, given) {
  const old = page.waiting.filter((a) => a.fact === f.id && !net.sending.has(a.id));
  const drafts = await store.draftPhotos(f.id);
  const photos = [...new Set([...old.flatMap((a) => a.photos), ...drafts.map((p) => p.id)])];
  const answer = {
    id: newId(), fact: f.id, by: page.who, value: null, unknown: null, note: '', on: '', ...given,
    seen: Date.now(), order: order++, photos, state: 'queued',
  };
  await store.addAnswer(answer, old.map((a) => a.id));
  dropDraft(f.id);
  await refresh();
}

export async function insist(answer) {
  await store.addAnswer({ ...answer, id: newId(), state: 'queued', decide: 'incoming' }, [answer.id]);
  await refresh();
}

export async function giveUp(answer) {
  await store.dropAnswer(answer);
  await refresh();
}

// What is being typed: kept at every stroke, so that a reload loses nothing either.
const draftKey = (id) => `draft ${KEY} ${id}`;
export function draft(id) {
  try { return JSON.parse(localStorage.getItem(draftKey(id))) || {}; } catch { return {}; }
}
export function keepDraft(id, values) {
  try { localStorage.setItem(draftKey(id), JSON.stringify(values)); } catch { /* full: the answer itself is kept elsewhere */ }
}
function dropDraft(id) {
  try { localStorage.removeItem(draftKey(id)); } catch { /* nothing to lose */ }
}

export const today = localDay;
