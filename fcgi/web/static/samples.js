// Packages to start from. Money is in roubles; the number after the last underscore of a name is its tag.

const CASHIER = {cashierName_1021: 'Иванова Анна Сергеевна', cashierInn_1203: ''};

/** @param {number} type tag 1054 @param {object} payments */
const receipt = (type, payments) => ({
  name: type === 2 ? 'Возврат прихода' : 'Чек прихода',
  type: 'kktReceiptFiscalization',
  data: {
    1059: [
      {productName_1030: 'Чай чёрный, 100 г', price_1079: 180.5, qty_1023: 2, unit_2108: 0, paymentFormCode_1214: 4,
        productTypeCode_1212: 1, tax_1199: 6},
      {productName_1030: 'Доставка', price_1079: 39, qty_1023: 1, unit_2108: 0, paymentFormCode_1214: 4, productTypeCode_1212: 4,
        tax_1199: 6},
    ],
    ...CASHIER,
    payments,
    taxationType_1055: 1,
    receiptType_1054: type,
    sendToEmail_1008: 'buyer@example.com',
    electronically: true,
  },
});

/** @param {string} name @param {string} type @param {object} [more] */
const report = (name, type, more = {data: CASHIER}) => ({name, type, ...more});

/** @type {{key: string, russian: string, english: string, commands: object[]}[]} */
export const SAMPLES = [
  {key: 'sale', russian: 'Чек прихода', english: 'Sale', commands: [receipt(1, {ecash_1081: 400})]},
  {key: 'mixed', russian: 'Наличные и карта', english: 'Cash and card', commands: [receipt(1, {cash_1031: 100, ecash_1081: 300})]},
  {key: 'card', russian: 'Оплата картой, затем чек', english: 'Card payment, then the receipt',
    commands: [report('Оплата картой', 'bnkCardPayment', {data: {sum: 400}}), receipt(1, {ecash_1081: 400})]},
  {key: 'refund', russian: 'Возврат прихода', english: 'Refund of a sale', commands: [receipt(2, {ecash_1081: 400})]},
  {key: 'open', russian: 'Открыть смену', english: 'Open a shift', commands: [report('Открытие смены', 'kktOpenShift')]},
  {key: 'close', russian: 'Закрыть смену', english: 'Close the shift', commands: [report('Закрытие смены', 'kktCloseShift')]},
  {key: 'x', russian: 'X-отчёт', english: 'X report', commands: [report('X-отчёт', 'kktXReport')]},
  {key: 'cash', russian: 'Внесение наличных', english: 'Cash in',
    commands: [report('Внесение', 'kktCashIn', {data: CASHIER, cashSum: 1000})]},
];
