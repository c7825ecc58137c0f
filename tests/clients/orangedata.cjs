// What the public client of Orange Data does with the emulated service: an order, its status, the same order twice, a
// correction, a foreign signature. Told what it needs by one JSON argument; prints one JSON line for each step.
'use strict';
const fs = require('fs');
const path = require('path');
const { setTimeout: pause } = require('timers/promises');

const about = JSON.parse(process.argv[2]);
const { OrangeData, Order, Correction } = require(path.join(about.modules, 'node_modules', 'node-orangedata'));

const read = (name) => fs.readFileSync(about[name]);
// It demands a passphrase, though the key has none.
const client = (privateKey) =>
  new OrangeData({
    apiUrl: about.url, ca: read('ca'), cert: read('certificate'), key: read('key'), passphrase: 'none', privateKey,
  });

const tell = (step, what) => console.log(JSON.stringify({ step, ...what }));

// A refusal of the service is an answer too; everything else ends the program.
async function refusalOf(call) {
  try {
    return { status: 201, answer: await call };
  } catch (error) {
    if (error.name !== 'OrangeDataApiError') throw error;
    return { status: error.response.statusCode, errors: error.errors };
  }
}

async function statusOf(ask) {
  for (;;) {
    const answer = await ask();
    if (answer) return answer; // nothing: still in the queue
    await pause(50);
  }
}

function order(id) {
  const made = new Order({
    id, inn: about.inn, key: about.inn, group: 'Main', type: 1, customerContact: '+79991234567', taxationSystem: 1,
  });
  return made
    .addPosition({ text: 'Чай', quantity: 5, price: 10, tax: 1, paymentMethodType: 4, paymentSubjectType: 1 })
    .addPayment({ type: 1, amount: 10 })
    .addPayment({ type: 2, amount: 40 });
}

function correction(id) {
  return new Correction({
    id, inn: about.inn, key: about.inn, type: 1, ffdVersion: 4, correctionType: 0, causeDocumentDate: '2026-01-12T00:00:00',
    totalSum: 10, taxationSystem: 1, customerContact: 'none',
    positions: [{
      text: 'Чай', quantity: 1, price: 10, tax: 1, paymentMethodType: 4, paymentSubjectType: 1, quantityMeasurementUnit: 0,
    }],
    checkClose: { taxationSystem: 1, payments: [{ type: 2, amount: 10 }] },
  });
}

async function main() {
  const known = client(read('signing_key'));
  const id = `node-${process.pid}`;
  tell('order', await refusalOf(known.sendOrder(order(id))));
  tell('order status', { answer: await statusOf(() => known.getOrderStatus(about.inn, id)) });
  tell('same order', await refusalOf(known.sendOrder(order(id))));
  tell('correction', await refusalOf(known.sendCorrection12(correction(`${id}-correction`))));
  tell('correction status', { answer: await statusOf(() => known.getCorrection12Status(about.inn, `${id}-correction`)) });
  tell('foreign signature', await refusalOf(client(read('foreign_key')).sendOrder(order(`${id}-foreign`))));
  tell('unknown order', await refusalOf(known.getOrderStatus(about.inn, 'nobody')));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
