// The dialog without reloads: asks for the state of the task until it is over, shows it, and then
// goes on to the shop's page. Everything shown comes from the server in the page's language.
// Without this script the page reloads itself and has the same buttons.

/**
 * @typedef {object} Picture
 * @property {string} version
 * @property {string} state
 * @property {string} title
 * @property {string} text
 * @property {string} said
 * @property {boolean} in_work
 * @property {boolean} can_cancel
 * @property {boolean} can_retry
 * @property {string} payment_url
 * @property {string} provider_url
 * @property {boolean} has_mark
 * @property {{label: string, value: string}[]} facts
 * @property {string} leave_url
 * @property {string} leave_json
 * @property {string} shop_site
 */

const LEAVE_AFTER_S = 3;
const WAIT_S = 25;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 10000;

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

const dialog = part('dialog', HTMLElement);
const notice = part('notice', HTMLElement);
const leave = part('leave', HTMLFormElement);
const cancel = part('cancel', HTMLFormElement);
const retry = part('retry', HTMLFormElement);
const stay = part('stay', HTMLButtonElement);
const base = dialog.dataset.base ?? '';
const language = dialog.dataset.lang ?? 'ru';
const leftMark = `left ${base}`;
/** @type {ReturnType<typeof setInterval> | undefined} */
let countdown;
let acting = false;
let following = false;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {string | undefined} text */
function say(text) {
  notice.textContent = text ?? '';
  notice.hidden = !text;
}

/** @param {string} id @param {string} text */
function setText(id, text) {
  const element = part(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Picture} picture */
function showMark(picture) {
  part('mark', HTMLElement).hidden = !picture.has_mark;
  if (!picture.has_mark) return;
  const qr = part('qr', HTMLImageElement);
  if (!qr.getAttribute('src')) qr.src = `${base}/qr.svg`;
  part('facts', HTMLElement).replaceChildren(...picture.facts.map(({label, value}) => {
    const row = document.createElement('div');
    const term = document.createElement('dt');
    const detail = document.createElement('dd');
    term.textContent = label;
    detail.textContent = value;
    row.append(term, detail);
    return row;
  }));
}

/**
 * What the register's provider has to show.
 * @param {Picture} picture
 */
function showLinks(picture) {
  const pay = part('pay', HTMLElement);
  moveFocusFrom(pay, !picture.payment_url);
  pay.hidden = !picture.payment_url;
  if (picture.payment_url) pay.querySelector('a')?.setAttribute('href', picture.payment_url);
  part('provider', HTMLElement).hidden = !picture.provider_url;
  if (!picture.provider_url) return;
  part('provider-link', HTMLAnchorElement).href = picture.provider_url;
  const qr = part('link-qr', HTMLImageElement);
  if (!qr.getAttribute('src')) qr.src = `${base}/link.svg`;
}

/** @param {Picture} picture */
function show(picture) {
  dialog.dataset.state = picture.state;
  dialog.dataset.version = picture.version;
  setText('title', picture.title);
  setText('text', picture.text);
  setText('words', picture.said);
  part('said', HTMLElement).hidden = !picture.said;
  document.title = `${picture.title} · ${document.title.split(' · ').slice(1).join(' · ')}`;
  showMark(picture);
  showLinks(picture);
  moveFocusFrom(retry, !picture.can_retry);
  retry.hidden = !picture.can_retry;
  moveFocusFrom(cancel, !picture.can_cancel);
  cancel.hidden = !picture.can_cancel;
  const site = part('site', HTMLElement);
  site.hidden = !picture.shop_site;
  if (picture.shop_site) site.querySelector('a')?.setAttribute('href', picture.shop_site);
  leave.hidden = !picture.leave_url;
  if (!picture.leave_url) return;
  leave.action = picture.leave_url;
  const field = leave.elements.namedItem('json');
  if (field instanceof HTMLTextAreaElement) field.value = picture.leave_json;
}

/**
 * Whoever uses a keyboard must not lose their place when the button under it goes away.
 * @param {HTMLElement} element @param {boolean} hides
 */
function moveFocusFrom(element, hides) {
  if (!hides || !element.contains(document.activeElement)) return;
  const title = part('title', HTMLElement);
  title.tabIndex = -1;
  title.focus();
}

function stopCountdown() {
  clearInterval(countdown);
  countdown = undefined;
  part('countdown', HTMLElement).hidden = true;
  stay.hidden = true;
}

/** Once: whoever comes back to this page wants to look at it. */
function startCountdown() {
  if (leave.hidden || sessionStorage.getItem(leftMark)) return;
  let left = LEAVE_AFTER_S;
  part('countdown', HTMLElement).hidden = false;
  stay.hidden = false;
  setText('seconds', String(left));
  countdown = setInterval(() => {
    left -= 1;
    setText('seconds', String(Math.max(left, 0)));
    if (left > 0) return;
    clearInterval(countdown);
    leave.requestSubmit();
  }, 1000);
}

/** @returns {Promise<Picture | undefined>} nothing: there is no such task any more */
async function ask() {
  const after = encodeURIComponent(dialog.dataset.version ?? '');
  const answer = await fetch(`${base}/state?lang=${language}&wait=${WAIT_S}&after=${after}`, {
    headers: {Accept: 'application/json'},
    cache: 'no-store',
  });
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return await answer.json();
}

/** @param {string | undefined} state */
const isOver = (state) => state === 'printed' || state === 'failed' || state === 'cancelled';

async function follow() {
  if (following) return;
  following = true;
  let pauseMs = FIRST_PAUSE_MS;
  while (!isOver(dialog.dataset.state)) {
    try {
      const picture = await ask();
      if (!picture) return;
      if (notice.textContent === notice.dataset.trouble) say(undefined);
      pauseMs = FIRST_PAUSE_MS;
      if (picture.version !== dialog.dataset.version) show(picture);
    } catch {
      say(notice.dataset.trouble);
      await pause(pauseMs);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }
  following = false;
  startCountdown();
}

/**
 * Posts a button of this page and shows what came of it.
 * @param {SubmitEvent} event @param {HTMLFormElement} form @param {string | undefined} tooLate
 */
async function act(event, form, tooLate) {
  event.preventDefault();
  if (acting) return;
  acting = true;
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      headers: {Accept: 'application/json'},
      body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
    });
    if (answer.status === 409) say(tooLate);
    if (answer.ok || answer.status === 409) show(await answer.json());
    else throw new Error(`HTTP ${answer.status}`);
  } catch {
    say(notice.dataset.trouble);
  }
  acting = false;
}

cancel.addEventListener('submit', (event) => act(event, cancel, notice.dataset.late));
retry.addEventListener('submit', async (event) => {
  stopCountdown();
  sessionStorage.removeItem(leftMark);
  await act(event, retry, undefined);
  if (!isOver(dialog.dataset.state)) follow();
});

leave.addEventListener('submit', () => sessionStorage.setItem(leftMark, '1'));
stay.addEventListener('click', () => {
  moveFocusFrom(stay, true);
  stopCountdown();
});
// A page taken out of the browser's memory of visited pages goes on from where it was.
addEventListener('pageshow', (event) => {
  if (event.persisted) stopCountdown();
});

follow();
