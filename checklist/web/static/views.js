// The screens, each a function that returns what stands in <main>.

import { go, h, localDay, toast } from './dom.js';
import { inputFor } from './inputs.js';
import { net, newId } from './send.js';
import * as state from './state.js';
import * as store from './store.js';

const { page } = state;
const MARK = {
  ok: ['●', '已核'], queued: ['▲', '待传'], conflict: ['！', '不一致'], refused: ['！', '没收'],
  unsure: ['？', '说不清'], stale: ['○', '过期'], wrong: ['○', '写错'], open: ['○', '没核'],
};
const REASONS = ['没看到', '说不清', '进不去', '没人在', '没找到材料'];
export const named = (f) => (f.site ? `${place('@' + f.site)} ${f.label}` : f.label);
const place = (id) => (id === '*' ? '全部' : id.startsWith('~') ? `找“${id.slice(1)}”`
  : id.startsWith('@') ? (state.siteOf(id.slice(1)) || { name: '点位' }).name : (page.board.places.find((p) => p.id === id) || {}).label || '其他');
const back = (to, text) => h('a', { class: 'back', href: to }, '‹ ' + text);

export function welcome(done, button = '开始') {
  const input = h('input', { type: 'text', id: 'who', maxlength: 30, autocomplete: 'name', value: page.who });
  return h('form', { class: 'card', onsubmit: async (event) => {
    event.preventDefault();
    const who = input.value.trim();
    if (!who) return toast('先写上您的名字', true);
    await state.setWho(who);
    done();
  } }, h('h1', {}, '谁在填？'),
  h('p', {}, '每一条都会记下是谁、哪天看的。写名字，或“三网格 张丽”这样。'),
  h('label', { for: 'who' }, '名字'), input, h('button', { class: 'main' }, button));
}

export function scoreCard() {
  const s = page.board.score, from = page.start;
  const narrowed = from && (from.low !== s.low || from.high !== s.high);
  const bar = h('div', { class: 'bar', 'aria-hidden': 'true' });
  for (const [name, one] of [['was', narrowed ? from : null], ['is', s]]) {
    if (!one) continue;
    const part = h('i', { class: name });
    part.style.left = one.low + '%';
    part.style.width = Math.max(1, one.high - one.low) + '%';
    bar.append(part);
  }
  return h('section', { class: 'card score', 'aria-label': '得分' },
    h('h1', { class: 'range' }, s.low === s.high ? s.low : `${s.low} ～ ${s.high}`, h('small', {}, ' 分')),
    bar,
    h('p', {}, `核查率 ${s.coverage} · 区间宽 ${s.width} 分`),
    narrowed ? h('p', { class: 'narrowed' }, `今天开始时 ${from.low} ～ ${from.high}（宽 ${from.width} 分）`) : null,
    h('p', { class: 'quiet' }, `${s.verdict}。${s.disclaimer}`));
}

const filterBar = (again) => h('div', { class: 'filter', role: 'group', 'aria-label': '看哪些' },
  [['open', '只看没核的'], ['all', '全部']].map(([id, label]) => h('button', {
    type: 'button', 'aria-pressed': String(page.filter === id),
    onclick: async () => { await state.setFilter(id); again(); },
  }, label)));

export function home(again) {
  const decide = state.toDecide().length + page.notices.length;
  const search = h('input', { type: 'search', 'aria-label': '找一项', placeholder: '找一项，如 路灯', enterkeyhint: 'search' });
  const all = state.listed('*'), open = all.filter(state.isOpen);
  const stop = (id, kind) => {
    const list = state.listed(id), left = list.filter(state.isOpen);
    if (!list.length || (page.filter === 'open' && !left.length)) return null;
    const minutes = left.reduce((sum, f) => sum + f.minutes, 0);
    return h('li', {}, h('a', { href: '#p/' + id },
      h('b', {}, place(id)),
      h('span', {}, kind && kind + ' · ', left.length ? `还有 ${left.length} 项，约 ${minutes} 分钟` : `${list.length} 项都核过了`)));
  };
  const sites = page.board.sites || [], rows = page.board.places.map(({ id }) => stop(id)).filter(Boolean);
  return [
    page.board.invented ? h('p', { class: 'quiet' }, '示例数据，不对应真实社区') : null,
    page.board.only ? h('p', { class: 'quiet' }, `这次只走：${page.board.only}（${all.length} 项）`) : null,
    scoreCard(),
    decide ? h('a', { class: 'card alert', href: '#look' }, `有 ${decide} 条要您看一下 ›`) : null,
    h('form', { class: 'search', onsubmit: (event) => {
      event.preventDefault();
      if (search.value.trim()) go('p/~' + encodeURIComponent(search.value.trim()));
    } }, search, h('button', {}, '找')),
    filterBar(again),
    sites.length ? [h('h2', {}, '选一处走'), h('ol', { class: 'list sites' }, sites.map((s) => stop('@' + s.id, s.kind))),
      rows.length ? h('h2', {}, '社区自己的') : null] : null,
    h('ol', { class: 'list' }, rows),
    page.noShell ? h('p', { class: 'quiet' }, '没有网络时别刷新、别关这个页面，否则要回到有网的地方才能再打开。已填的答案不会丢。') : null,
    open.length ? h('a', { class: 'main button', href: `#q/${open[0].id}/*` }, `从头逐项填（${open.length} 项）`)
      : h('p', {}, '能核的都核过了。'),
  ];
}

export function walk(where, again) {
  const list = state.listed(where), shown = page.filter === 'open' ? list.filter(state.isOpen) : list;
  const first = list.find(state.isOpen), next = where.startsWith('@') ? state.nextSite(where.slice(1)) : null;
  return [
    back('#', '返回'), h('h1', {}, place(where)), filterBar(again),
    shown.length ? h('ol', { class: 'list facts' }, shown.map((f) => row(f, where))) : h('p', {}, '这里没有要核的了。'),
    first ? h('a', { class: 'main button', href: `#q/${first.id}/${encodeURIComponent(where)}` }, '逐项填') : null,
    next ? h('a', { class: `${first ? '' : 'main '}button next`, href: '#p/@' + next.id },
      `下一处：${next.name}（还有 ${state.listed('@' + next.id).filter(state.isOpen).length} 项）`) : null,
  ];
}

function row(f, where) {
  const s = state.status(f), mine = state.waitingFor(f.id);
  const value = mine ? (mine.unknown ? '说不清' : shown(f, mine.value)) : f.now ? f.now.text : '';
  return h('li', {}, h('a', { href: `#q/${f.id}/${encodeURIComponent(where)}` },
    h('b', {}, where.startsWith('@') ? f.label : named(f)), h('span', { class: 'st ' + s }, `${MARK[s][0]} ${MARK[s][1]}`,
      value && h('em', {}, (s === 'stale' ? '，上次 ' : '：') + value))));
}

// An answer as written, in words.
function shown(f, value) {
  if (f.never && value === f.never) return value;
  if (f.type === 'choice' || f.type === 'set')
    return value === '无' ? '一项都没有'
      : value.split(',').map((id) => (f.options.find((o) => o.id === id) || { label: id }).label).join('、');
  return f.unit && f.type !== 'ratio' ? `${value} ${f.unit}` : value;
}

export function question(id, where, done) {
  const f = state.fact(id);
  if (!f) return [back('#', '返回'), h('p', {}, '这一项现在不用填。')];
  const list = state.listed(where), mine = state.waitingFor(id), typed = state.draft(id);
  const start = typed.value ?? (mine ? mine.value : '') ?? '';
  const note = h('textarea', { id: 'note', rows: 3, maxlength: 5000, oninput: () => draft() });
  note.value = typed.note ?? (mine ? mine.note : '') ?? '';
  const on = h('input', { type: 'date', id: 'on', max: localDay(), value: typed.on ?? (mine ? mine.on : ''), onchange: () => draft() });
  const input = inputFor(f, start === f.never ? '' : start, () => draft());
  const readable = () => { try { return input.read(); } catch { return null; } };
  const draft = () => state.keepDraft(id, { value: readable() ?? start, note: note.value, on: on.value });
  const save = async (given) => {
    try {
      await state.saveAnswer(f, { note: note.value.trim(), on: on.value, ...given });
    } catch (error) {
      return toast('手机存不下这条答案：先清出些空间，再按一次保存', true);
    }
    done(f, where);
  };
  const submit = () => {
    let value;
    try { value = input.read(); } catch (says) { return toast(String(says), true); }
    if (!value) return toast('还没有填。说不清就点“说不清／未看到”', true);
    return save({ value });
  };
  const reasons = h('div', { class: 'reasons', hidden: true, role: 'group', 'aria-label': '为什么说不清' },
    REASONS.map((r) => h('button', { type: 'button', onclick: () => save({ unknown: r }) }, r)));
  return [
    h('div', { class: 'ends' },
      back(where === '*' ? '#' : '#p/' + encodeURIComponent(where), `${place(where)} ${list.indexOf(f) + 1}/${list.length}`),
      h('a', { class: 'back', href: '#', onclick: (event) => { event.preventDefault(); done(f, where, true); } }, '跳过 ›')),
    f.site ? h('p', { class: 'site' }, `在 ${place('@' + f.site)}`) : null,
    h('p', { class: 'quiet' }, [where !== f.place && place(f.place), f.method, `约 ${f.minutes} 分钟`, f.stake && `牵涉 ${f.stake} 分`].filter(Boolean).join(' · ')),
    h('h1', { id: 'ask', tabindex: '-1' }, f.ask),
    f.label !== f.ask ? h('p', { class: 'label' }, f.label) : null,
    previous(f, save), state.status(f) === 'queued' ? h('p', { class: 'st queued' }, '▲ 这条已经填了，正等着传；可以改。') : null,
    input.node,
    f.never ? h('button', { type: 'button', class: 'never', onclick: () => save({ value: f.never }) }, f.never) : null,
    f.evidence.length ? [h('p', { class: 'label' }, `佐证：${f.evidence.join('、')}`), pictures(f, mine)] : null,
    h('details', { open: Boolean(note.value || on.value) },
      h('summary', {}, f.evidence.length ? '备注、哪天看的' : '照片、备注、哪天看的'),
      f.evidence.length ? null : pictures(f, mine), h('label', { for: 'note' }, '备注'), note,
      h('label', { for: 'on' }, '哪天看的（不填就是今天）'), on),
    h('div', { class: 'actions' }, reasons,
      h('button', { type: 'button', class: 'unsure', onclick: () => { reasons.hidden = !reasons.hidden; } }, '说不清／未看到'),
      h('button', { type: 'button', class: 'main', onclick: submit }, '保存，下一项')),
  ];
}

function previous(f, save) {
  if (!f.now) return h('p', { class: 'quiet' }, '还没有人核过。');
  const stale = f.because === 'stale' ? '，已过期，要重新核' : '';
  return h('div', { class: 'previous' },
    h('span', {}, `上次：${f.now.text}（${f.now.on}${f.now.by ? ' ' + f.now.by : ''}${stale}）`),
    f.now.note ? h('span', { class: 'quiet' }, f.now.note) : null,
    f.now.answer ? h('button', { type: 'button', onclick: () => save({ value: f.now.answer }) }, '还是这样') : null);
}

function pictures(f, mine) {
  const shelf = h('div', { class: 'shelf' });
  const add = (photo) => {
    const url = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
    const box = h('figure', {}, h('img', { src: url, alt: '照片' }),
      h('button', { type: 'button', 'aria-label': '去掉这张', onclick: async () => { await store.dropPhoto(photo.id); box.remove(); } }, h('span', {}, '×')));
    shelf.append(box);
  };
  const take = async (event) => {
    for (const file of event.target.files) {
      if (!file.type.startsWith('image/')) { toast('这不是照片', true); continue; }
      if (file.size > 20e6) { toast('照片太大，最多 20 MB', true); continue; }
      const photo = { id: newId(), draft: f.id, type: file.type, bytes: await file.arrayBuffer() };
      try { await store.addPhoto(photo); add(photo); } catch { toast('手机存不下这张照片', true); }
    }
    event.target.value = '';
  };
  store.draftPhotos(f.id).then((drafts) => drafts.forEach(add));
  if (mine) store.photosOf(mine.photos).then((found) => found.forEach(add));
  const pick = (text, more) => h('label', { class: 'pick' }, text, h('input', { type: 'file', onchange: take, ...more }));
  return [h('div', { class: 'picks' },
    pick('拍照', { accept: 'image/*', capture: 'environment' }),
    pick('从相册选', { accept: 'image/jpeg,image/png,image/webp', multiple: true })), shelf];
}

export function look(again) {
  const decide = state.toDecide().map((a) => {
    const f = state.fact(a.fact) || state.siteFact(a.fact) || { label: a.fact, type: '', unit: '', options: [] };
    const mine = a.unknown ? '说不清' : shown(f, a.value || '');
    const act = (what) => async () => { await what(a); again(true); };
    return h('section', { class: 'card' }, h('h2', {}, named(f)), h('p', { class: 'st ' + a.state }, a.says),
      h('p', {}, `您填的：${mine}（${a.by}）`),
      a.recorded ? h('p', {}, `已有的：${a.recorded.text}（${a.recorded.on} ${a.recorded.by}）`) : null,
      h('div', { class: 'pair' },
        a.state === 'conflict' ? h('button', { type: 'button', onclick: act(state.insist) }, '用我填的')
          : state.fact(a.fact) ? h('a', { class: 'button', href: `#q/${a.fact}/*` }, '重新填') : null,
        h('button', { type: 'button', onclick: act(state.giveUp) }, a.state === 'conflict' ? '用已有的' : '不要了')));
  });
  return [back('#', '返回'), h('h1', {}, '要您看一下'), decide,
    page.notices.map((text) => h('p', { class: 'card' }, text)),
    page.notices.length ? h('button', { type: 'button', onclick: async () => { await state.clearNotices(); again(); } }, '知道了') : null,
    !decide.length && !page.notices.length ? h('p', {}, '没有了。') : null];
}

export function settings(again, sendNow) {
  const waiting = state.queued();
  const offline = page.noShell
    ? '没有网络时请别刷新、别关这个页面：这个地址不是手机认的 https，浏览器不许装离线页面。已填的答案关了也不会丢。'
    : '没有网络也能重新打开这个页面。';
  return [back('#', '返回'), h('h1', {}, '传送'),
    h('p', {}, waiting.length ? `有 ${waiting.length} 条答案在手机里等着传。` : '答案都传完了。'),
    net.says ? h('p', { class: 'st refused' }, net.says) : null,
    h('button', { type: 'button', class: 'main', onclick: sendNow }, '现在就传'),
    h('p', {}, offline),
    h('p', {}, page.board && page.board.position ? '照片里的拍摄位置会保留。' : '照片里的拍摄位置会去掉，只留拍摄时间。'),
    welcome(() => { toast('记住了'); again(); }, '改名字')];
}
