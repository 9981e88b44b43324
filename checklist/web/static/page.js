// The page: opens what the phone keeps, shows the screen that the address names, sends when it can.

import { go, h, toast } from './dom.js';
import * as sending from './send.js';
import * as state from './state.js';
import * as views from './views.js';

const { page } = state;
const main = document.getElementById('main'), pill = document.getElementById('net');
const VERSION = document.documentElement.dataset.version;
const BOARD_EVERY = 20000;

function show(...children) {
  main.replaceChildren(...children.flat(Infinity).filter((c) => c));
}

function render(top = false) {
  header();
  if (!page.who) return show(views.welcome(() => render(true)));
  if (!page.board) return show(h('p', {}, sending.net.says || '正在取题目。第一次打开要有网络。'));
  const [kind, id = '', where = ''] = location.hash.slice(1).split('/').map(decodeURIComponent);
  if (kind === 'p') show(views.walk(id, render));
  else if (kind === 'q') show(views.question(id, where || '*', answered));
  else if (kind === 'look') show(views.look((changed) => { render(); if (changed) sending.send(); }));
  else if (kind === 'me') show(views.settings(render, () => sending.send()));
  else show(banner(), views.home(render));
  if (top) {
    scrollTo(0, 0);
    const heading = document.getElementById('ask');
    if (heading) heading.focus({ preventScroll: true });
  }
}

function banner() {
  if (!page.board.page || page.board.page === VERSION) return null;
  return h('button', { type: 'button', class: 'card alert', onclick: () => location.reload() }, '页面有更新，点这里刷新');
}

function header() {
  if (page.board) document.getElementById('name').textContent = page.board.community;
  const waiting = state.queued().length, { state: now } = sending.net;
  const said = { start: '正在打开', on: '已连上', off: '没有网络', locked: '要重新扫码', trouble: '没存上' }[now];
  pill.textContent = waiting ? `${said} · ${waiting} 条待传` : said;
  pill.className = now === 'on' && waiting ? 'off' : now;
}

// After an answer was saved on the phone (or skipped): the next question of the same list that is still open.
function answered(fact, where, skipped = false) {
  if (!skipped) {
    header();
    if (sending.net.state !== 'on') toast('存在手机里了，有网络就传');
    sending.send();
  }
  const list = state.listed(where);
  const next = skipped ? list.slice(list.indexOf(fact) + 1).find(state.isOpen) : state.nextOpen(list, fact.id);
  if (next) return go(`q/${next.id}/${encodeURIComponent(where)}`);
  toast(skipped ? '后面没有要核的了' : '这里都填完了');
  return go(where === '*' ? '' : 'p/' + encodeURIComponent(where));
}

const onQuestion = () => location.hash.startsWith('#q/') && page.who && page.board;

async function changed(what, data) {
  if (!what) {
    header();
    if (page.who && !page.board) render();
    return;
  }
  if (what === 'photo') return state.notice('有一张照片没有收：' + data);
  if (what === 'sent') {
    const before = page.board && page.board.score;
    await state.merge(data);
    for (const result of data.results) {
      if (result.kind === 'kept') await state.notice(`${label(result.fact)}：${result.says}`);
      for (const doubt of result.doubts || []) await state.notice(doubt + '，至少有一个写错了，改好之前都按没核处理');
    }
    report(data, before);
  }
  await state.refresh();
  if (onQuestion() || typing()) header();
  else render();
}

const typing = () => document.activeElement && document.activeElement.matches('main input');

const label = (id) => views.named(state.fact(id) || { label: id });

function report({ results, score }, before) {
  const decide = results.filter((r) => r.kind === 'conflict' || r.kind === 'refused').length;
  if (decide) return toast(`有 ${decide} 条要您看一下`, true);
  if (!score || !before) return;
  const won = Number(before.exact[1]) - Number(before.exact[0]) - (Number(score.exact[1]) - Number(score.exact[0]));
  const range = score.low === score.high ? `${score.low} 分` : `${score.low} ～ ${score.high} 分`;
  toast(won > 0.005 ? `已存。得分区间收窄 ${won.toFixed(2)} 分：${range}` : `已存。得分 ${range}`);
}

// The browser will not keep the page itself (plain http, or a certificate that it does not know): it has to be said.
function noShell() {
  page.noShell = !navigator.serviceWorker.controller;
  if (!onQuestion() && !typing()) render();
}

async function getBoard() {
  if (document.hidden) return;
  const data = await sending.fetchBoard(page.board ? page.board.version : '');
  if (!data || data.same) return;
  await state.setBoard(data);
  if (!onQuestion() && !typing()) render();
}

async function start() {
  try {
    await state.load();
  } catch (error) {
    return show(h('p', { class: 'card alert' }, '这个浏览器存不住答案（可能开着无痕模式）。请换手机自带的浏览器，或关掉无痕模式。'));
  }
  sending.onChange(changed);
  addEventListener('hashchange', () => render(true));
  addEventListener('online', () => sending.send());
  addEventListener('offline', () => { sending.net.state = 'off'; header(); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) { sending.send(); getBoard(); } });
  pill.addEventListener('click', () => go('me'));
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  if (navigator.serviceWorker) navigator.serviceWorker.register('sw.js').catch(noShell);
  render();
  await sending.send();
  await getBoard();
  setInterval(getBoard, BOARD_EVERY);
}

start();
