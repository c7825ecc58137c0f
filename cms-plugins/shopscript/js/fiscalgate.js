// Buttons of the receipts' panel and of the settings: posts the task, shows the answer, and loads the page anew.
(function () {
  'use strict';
  if (window.fiscalgateIsListening) {
    return; // the page of an order is loaded into the backend again and again
  }
  window.fiscalgateIsListening = true;
  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-fiscalgate-task]');
    var panel = button && button.closest('[data-fiscalgate-url]');
    if (!panel) {
      return;
    }
    event.preventDefault();
    var question = button.getAttribute('data-fiscalgate-confirm');
    if (question && !window.confirm(question)) {
      return;
    }
    var answer = panel.querySelector('[data-fiscalgate-answer]');
    var sum = panel.querySelector('[data-fiscalgate-sum]');
    var form = new URLSearchParams();
    form.set('_csrf', panel.getAttribute('data-fiscalgate-csrf'));
    form.set('task', button.getAttribute('data-fiscalgate-task'));
    form.set('order', panel.getAttribute('data-fiscalgate-order') || '0');
    form.set('key', button.getAttribute('data-fiscalgate-key') || '');
    form.set('sum', sum ? sum.value : '');
    button.disabled = true;
    fetch(panel.getAttribute('data-fiscalgate-url'), { method: 'POST', body: form, credentials: 'same-origin' })
      .then(function (reply) { return reply.json(); })
      .then(function (data) {
        answer.textContent = data.status === 'ok' ? data.data : String(data.errors || '');
        button.disabled = false;
        if (data.status === 'ok' && panel.hasAttribute('data-fiscalgate-order')) {
          window.location.reload();
        }
      })
      .catch(function (error) {
        answer.textContent = String(error);
        button.disabled = false;
      });
  });
}());
