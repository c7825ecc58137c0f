// The courier's phone: pick goods, take cash or a card, show the QR code.
//
// A sale gets its order number and goes into the phone's memory before it is first sent, and stays
// there until the courier begins the next one. Whatever happens to the connection, the page or the
// battery: it is repeated under the same number, and the gateway makes one receipt of it.

/** @typedef {{name: string, price: string, unit?: number, vat?: number}} Goods */
/** @typedef {Goods & {quantity: number}} Line */
/**
 * `tries` counts before each try: with more than one, an earlier one may have been taken though its answer was lost.
 * @typedef {{order: string, body: string, total: string, tries: number, dialog?: string, receipt?: string}} Sale
 */

const RETRY_FIRST_MS = 1000;
const RETRY_LONGEST_MS = 10_000;
const WAIT_S = 25;

/**
 * @template {HTMLElement} T
 * @param {string} id @param {new () => T} kind @returns {T}
 */
function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}
/** @param {string} id */
const element = (id) => part(id, HTMLElement);
const courier = element('courier');
const login = courier.dataset.login ?? '';
const language = courier.dataset.lang === 'en' ? 'en' : 'ru';
const CART = `fiscalgate cart ${login}`;
const SALE = `fiscalgate sale ${login}`;

/** @type {Record<string, [string, string]>} */
const WORDS = {
  sending: ['Отправляем…', 'Sending…'],
  once: ['Чек будет один, сколько бы раз ни пришлось повторять.', 'There will be one receipt, however often this is repeated.'],
  trouble: ['Нет связи. Повторяем тот же заказ…', 'No connection. Repeating the same order…'],
  refused: ['Чек не принят', 'The receipt was not accepted'],
  unsure: ['Но прежняя попытка осталась без ответа: чек мог быть принят. Спросите магазин, прежде чем продавать это снова.',
    'But an earlier try was never answered: the receipt may have been taken. Ask the shop before you sell this again.'],
  signed_out: ['Время входа истекло. Продажа сохранена: войдите снова, и она продолжится.',
    'You were signed out. The sale is kept: sign in again and it goes on.'],
  less: ['Меньше', 'Less'], more: ['Больше', 'More'],
};
/** @param {string} key */
const word = (key) => WORDS[key][language === 'en' ? 1 : 0];
/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- memory

/** @param {string} key @returns {any} */
function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}
/** @param {string} key @param {unknown} value */
const keep = (key, value) => localStorage.setItem(key, JSON.stringify(value));

/** @type {Goods[]} */
let goods = [];
/** @type {Line[]} */
let cart = recall(CART) ?? [];

// ---- money, in kopecks

/** @param {string} price */
const kopecks = (price) => {
  const [roubles, rest = ''] = price.split('.');
  return Number(roubles) * 100 + Number(rest.padEnd(2, '0'));
};
/** @param {number} sum */
const money = (sum) => `${Math.floor(sum / 100)}.${String(sum % 100).padStart(2, '0')} ₽`;
const total = () => cart.reduce((sum, line) => sum + kopecks(line.price) * line.quantity, 0);

// ---- picking

/** @param {string} tag @param {string} name @param {string} text */
function make(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

/** @param {Goods} picked */
function add(picked) {
  const same = cart.find((line) => line.name === picked.name && line.price === picked.price);
  if (same) same.quantity += 1;
  else cart.push({...picked, quantity: 1});
  showCart();
}

/** @param {Line} line @param {number} step */
function counter(line, step) {
  const button = make('button', '', step < 0 ? '−' : '+');
  button.setAttribute('type', 'button');
  button.setAttribute('aria-label', `${word(step < 0 ? 'less' : 'more')}: ${line.name}`);
  button.addEventListener('click', () => {
    const place = cart.indexOf(line);
    line.quantity += step;
    if (line.quantity < 1) cart.splice(place, 1);
    showCart();
    // The buttons were made anew: the keyboard stays where it was.
    const row = element('cart').children[Math.min(place, cart.length - 1)];
    const next = row?.querySelectorAll('button')[step < 0 ? 0 : 1] ?? element('find');
    next.focus();
  });
  return button;
}

function showCart() {
  keep(CART, cart);
  element('cart').replaceChildren(...cart.map((line) => {
    const row = document.createElement('li');
    const count = make('div', 'count', '');
    count.append(counter(line, -1), make('span', '', String(line.quantity)), counter(line, 1));
    row.append(make('span', 'name', line.name), make('span', 'sum', money(kopecks(line.price) * line.quantity)), count);
    return row;
  }));
  element('empty').hidden = cart.length > 0;
  element('total').textContent = money(total());
  for (const id of ['cash', 'card']) part(id, HTMLButtonElement).disabled = cart.length === 0;
}

function showGoods() {
  const wanted = part('find', HTMLInputElement).value.trim().toLowerCase();
  element('goods').replaceChildren(...goods.filter(({name}) => name.toLowerCase().includes(wanted)).map((entry) => {
    const row = document.createElement('li');
    const button = make('button', '', '');
    button.setAttribute('type', 'button');
    button.append(make('span', '', entry.name), make('span', '', money(kopecks(entry.price))));
    button.addEventListener('click', () => add(entry));
    row.append(button);
    return row;
  }));
  element('goods').hidden = goods.length === 0;
}

async function loadGoods() {
  try {
    const answer = await fetch('/courier/goods', {cache: 'no-store'});
    if (answer.ok) goods = await answer.json();
  } catch {  // typing still works
  }
  showGoods();
}

// ---- selling

/** @param {'cash' | 'card'} pay */
function sell(pay) {
  // Another tab may have begun one.
  if (!recall(SALE)) {
    const order = `courier-${login}-${Date.now().toString(36)}-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
    const items = cart.map(({name, price, quantity, unit, vat}) => ({name, price, quantity: String(quantity), unit, vat}));
    const contact = part('contact', HTMLInputElement).value.trim();
    keep(SALE, {order, body: JSON.stringify({order, pay, contact, items}), total: money(total()), tries: 0});
  }
  goOn();
}

/** @param {string} state @param {string} title @param {string} text @param {string} [said] */
function tell(state, title, text, said = '') {
  element('sold').dataset.state = state;
  for (const [id, words] of [['title', title], ['text', text], ['said', said]]) {
    if (element(id).textContent !== words) element(id).textContent = words;
  }
  element('said').hidden = !said;
}

/** @param {string} words */
function notice(words) {
  element('notice').textContent = words;
  element('notice').hidden = !words;
}

/** @param {any} answer @param {Sale} sale */
function showRefusal(answer, sale) {
  const unsure = sale.tries > 1;
  tell('refused', word('refused'), unsure ? `${answer.error ?? ''}. ${word('unsure')}` : answer.error ?? '');
  const rows = (answer.errors ?? []).map((/** @type {any} */ fault) => make('li', '', `${fault.message} ${fault.path}`));
  element('faults').replaceChildren(...rows);
  element('faults').hidden = rows.length === 0;
  const way = element(unsure ? 'next' : 'back');
  way.hidden = false;
  way.focus();
}

/**
 * Until the gateway has answered. Gives whether there is something to follow.
 * @param {Sale} sale
 */
async function post(sale) {
  for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(2 * pauseMs, RETRY_LONGEST_MS)) {
    sale.tries += 1;
    keep(SALE, sale);
    try {
      const response = await fetch(`/courier/receipts?lang=${language}`, {
        method: 'POST', body: sale.body,
        headers: {'Content-Type': 'application/json', 'X-Courier-Secret': courier.dataset.secret ?? ''},
      });
      const answer = await response.json();
      notice('');
      if (response.ok) {
        sale.dialog = answer.dialog;
        sale.receipt = answer.receipt_url;
        keep(SALE, sale);
        return true;
      }
      if (response.status === 401) {
        notice(word('signed_out'));
        element('again').hidden = false;
        return false;
      }
      if (response.status < 500 && response.status !== 429) {
        showRefusal(answer, sale);
        return false;
      }
    } catch {  // no connection, or not an answer of the gateway
    }
    notice(word('trouble'));
    await pause(pauseMs);
  }
}

/** @param {any} picture @param {Sale} sale */
function showPicture(picture, sale) {
  tell(picture.state, picture.title, picture.text, picture.said);
  element('links').hidden = false;
  part('details', HTMLAnchorElement).href = `${sale.dialog}?lang=${language}`;
  part('receipt', HTMLAnchorElement).href = `${new URL(sale.receipt ?? '', location.href).pathname}?lang=${language}`;
  element('receipt').hidden = !picture.has_mark;
  const qr = part('qr', HTMLImageElement);
  if (picture.has_mark && qr.hidden) qr.src = `${sale.dialog}/qr.svg`;
  qr.hidden = !picture.has_mark;
}

/** Until the register is done with it. @param {Sale} sale */
async function follow(sale) {
  let version = '';
  for (let pauseMs = RETRY_FIRST_MS; ;) {
    try {
      const answer = await fetch(`${sale.dialog}/state?lang=${language}&wait=${WAIT_S}&after=${version}`, {cache: 'no-store'});
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const picture = await answer.json();
      notice('');
      pauseMs = RETRY_FIRST_MS;
      if (picture.version !== version) showPicture(picture, sale);
      version = picture.version;
      // Nobody waits at a door for an operator: an unknown end may be left, too.
      element('next').hidden = picture.in_work && picture.state !== 'unknown';
      if (!picture.in_work) return;
    } catch {
      notice(word('trouble'));
      await pause(pauseMs);
      pauseMs = Math.min(2 * pauseMs, RETRY_LONGEST_MS);
    }
    if (recall(SALE)?.order !== sale.order) return;
  }
}

/** Goes on with the sale in the phone's memory, or with picking. */
async function goOn() {
  /** @type {Sale | null} */
  const sale = recall(SALE);
  element('selling').hidden = Boolean(sale);
  element('sold').hidden = !sale;
  if (!sale) return;
  for (const id of ['next', 'back', 'again', 'faults', 'links', 'qr']) element(id).hidden = true;
  notice('');
  element('order').textContent = sale.order;
  element('sold-total').textContent = sale.total;
  tell('sending', word('sending'), word('once'));
  element('title').focus();
  if (await post(sale)) await follow(sale);
}

part('find', HTMLInputElement).addEventListener('input', showGoods);
part('other', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const form = part('other', HTMLFormElement);
  const fields = new FormData(form);
  add({name: String(fields.get('name')).trim(), price: String(fields.get('price')).replace(',', '.')});
  form.reset();
});
element('cash').addEventListener('click', () => sell('cash'));
element('card').addEventListener('click', () => sell('card'));
element('next').addEventListener('click', () => {
  localStorage.removeItem(SALE);
  cart = [];
  part('contact', HTMLInputElement).value = '';
  showCart();
  goOn();
  element('find').focus();
});
// It was refused: nothing was kept of it, so the number is free to be forgotten.
element('back').addEventListener('click', () => {
  localStorage.removeItem(SALE);
  goOn();
});

showCart();
loadGoods();
goOn();
