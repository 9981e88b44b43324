// An input for each type of fact. read() gives the answer as one writes it in a table, '' when there is none,
// or throws a sentence when it cannot be right; the server decides in the end.

import { h, localDay } from './dom.js';

const whole = /^\d{1,9}$/, decimal = /^\d{1,9}(\.\d{1,2})?$/;

export function inputFor(fact, value, changed) {
  return ({ bool: yesNo, choice: choices, set: several, date: day, ratio: fact.survey ? sample : percent }[fact.type]
    || amount)(fact, value || '', changed);
}

function options(fact, kind, list, chosen, changed) {
  return h('div', { class: 'options', role: kind === 'radio' ? 'radiogroup' : 'group', 'aria-labelledby': 'ask' },
    list.map(([id, label]) => h('label', { class: 'option' },
      h('input', { type: kind, name: 'answer', value: id, checked: chosen.includes(id), onchange: changed }),
      h('span', {}, label))));
}

const picked = (node) => Array.from(node.querySelectorAll('input:checked'), (input) => input.value);

function yesNo(fact, value, changed) {
  const node = options(fact, 'radio', [['是', '是'], ['否', '否']], [value], changed);
  node.classList.add('two');
  return { node, read: () => picked(node)[0] || '' };
}

function choices(fact, value, changed) {
  const node = options(fact, 'radio', fact.options.map((o) => [o.id, o.label]), [value], changed);
  return { node, read: () => picked(node)[0] || '' };
}

function several(fact, value, changed) {
  const list = [...fact.options.map((o) => [o.id, o.label]), ['无', '一项都没有']];
  const node = options(fact, 'checkbox', list, value.split(','), (event) => {
    const none = event.target.value === '无';
    if (event.target.checked)
      for (const input of node.querySelectorAll('input')) if ((input.value === '无') !== none) input.checked = false;
    changed();
  });
  return { node, read: () => picked(node).join(',') };
}

function field(fact, value, changed, unit, mode) {
  const input = h('input', { type: 'text', inputmode: mode, value, autocomplete: 'off', 'aria-labelledby': 'ask',
    maxlength: 16, oninput: changed, enterkeyhint: 'done' });
  return { input, node: h('div', { class: 'amount' }, input, h('span', { class: 'unit' }, unit)) };
}

const plain = (text) => text.normalize('NFKC').replace(/[\s,]/g, '');

function bounds(fact, text) {
  const number = Number(text);
  if (number < Number(fact.low)) throw `不能小于 ${fact.low}`;
  if (fact.high && number > Number(fact.high)) throw `不能大于 ${fact.high}`;
  return text;
}

function amount(fact, value, changed) {
  const count = fact.type === 'count';
  const { input, node } = field(fact, value, changed, fact.unit, count ? 'numeric' : 'decimal');
  const step = (by) => {
    const now = Number(plain(input.value)) || 0;
    input.value = String(Math.max(Number(fact.low), Math.round(now) + by));
    changed();
  };
  if (count) {
    node.prepend(h('button', { type: 'button', class: 'step', 'aria-label': '减一', onclick: () => step(-1) }, '－'));
    input.after(h('button', { type: 'button', class: 'step', 'aria-label': '加一', onclick: () => step(1) }, '＋'));
  }
  return { node, read: () => {
    const text = plain(input.value);
    if (text && !(count ? whole : decimal).test(text)) throw count ? '填一个整数' : '填一个数，最多两位小数';
    return text && bounds(fact, text);
  } };
}

function percent(fact, value, changed) {
  const { input, node } = field(fact, value.replace('%', ''), changed, '%', 'decimal');
  return { node, read: () => {
    const text = plain(input.value).replace('%', '');
    if (text && !decimal.test(text)) throw '填百分数，如 95';
    if (Number(text) > 100) throw '不能大于 100%';
    return text && text + '%';
  } };
}

function sample(fact, value, changed) {
  const [agreed, asked] = value.includes('/') ? value.split('/') : ['', ''];
  const yes = field(fact, agreed, changed, '份', 'numeric'), all = field(fact, asked, changed, '份', 'numeric');
  yes.input.setAttribute('aria-label', '答“是”或满意的份数');
  all.input.setAttribute('aria-label', '收回的份数');
  const node = h('div', {}, h('label', { class: 'sub' }, '答“是”或满意的'), yes.node,
    h('label', { class: 'sub' }, '收回的问卷'), all.node);
  return { node, read: () => {
    const [a, b] = [plain(yes.input.value), plain(all.input.value)];
    if (!a && !b) return '';
    if (!whole.test(a) || !whole.test(b)) throw '两个数都要填，都是整数';
    if (Number(b) < 1) throw '收回的份数至少是 1';
    if (Number(a) > Number(b)) throw '前面的数不能大于收回的份数';
    return `${a}/${b}`;
  } };
}

function day(fact, value, changed) {
  const input = h('input', { type: 'date', value, max: localDay(), 'aria-labelledby': 'ask',
    onchange: changed, oninput: changed });
  return { node: h('div', { class: 'amount' }, input), read: () => input.value };
}
