// What stands in the groups of a receipt, in the order of the tags, for whoever counts, encodes or
// writes them. Pure; any thread. Source: FFD, the tables of what the groups consist of.
//
// `Out` has Word(tag, text) and Padded(tag, text), which leave out an empty text, Words(tag,
// texts), Byte(tag, n), Money(tag, m) and Seconds(tag, t).
#pragma once

#include "lib/ffd/receipt.h"

namespace fiscalgate::ffd {

template <typename Out>
void PutFields(const Agent& agent, Out& out) {
  out.Word(1005, agent.transfer_address_1005);
  out.Padded(1016, agent.transfer_inn_1016);
  out.Word(1026, agent.transfer_name_1026);
  out.Word(1044, agent.operation_1044);
  out.Words(1073, agent.agent_phones_1073);
  out.Words(1074, agent.operator_phones_1074);
  out.Words(1075, agent.transfer_phones_1075);
}

template <typename Out>
void PutFields(const Supplier& supplier, Out& out) {
  out.Words(1171, supplier.phones_1171);
  out.Word(1225, supplier.name_1225);
}

template <typename Out>
void PutFields(const Industry& industry, Out& out) {
  out.Padded(1262, industry.agency_1262);
  out.Padded(1263, industry.date_1263);
  out.Word(1264, industry.number_1264);
  out.Word(1265, industry.value_1265);
}

template <typename Out>
void PutFields(const UserAttribute& attribute, Out& out) {
  out.Word(1085, attribute.name_1085);
  out.Word(1086, attribute.value_1086);
}

// The two that stand in the receipt itself before FFD 1.2.
template <typename Out>
void PutNameAndInn(const Buyer& buyer, Out& out) {
  out.Word(1227, buyer.name_1227);
  out.Padded(1228, buyer.inn_1228);
}

template <typename Out>
void PutFields(const Buyer& buyer, Out& out) {
  PutNameAndInn(buyer, out);
  out.Padded(1243, buyer.birth_date_1243);
  out.Padded(1244, buyer.citizenship_1244);
  out.Padded(1245, buyer.document_code_1245);
  out.Word(1246, buyer.document_1246);
  out.Word(1254, buyer.address_1254);
}

template <typename Out>
void PutFields(const CashlessDetail& detail, Out& out) {
  out.Money(1082, detail.sum_1082);
  out.Byte(1236, detail.method_1236);
  out.Word(1237, detail.id_1237);
  out.Word(1238, detail.more_1238);
}

template <typename Out>
void PutFields(const OperationAttribute& operation, Out& out) {
  out.Byte(1271, operation.id_1271);
  out.Word(1272, operation.data_1272);
  if (operation.time_1273) out.Seconds(1273, *operation.time_1273);
}

template <typename Out>
void PutFields(const Payments& payments, Out& out) {
  out.Money(1031, payments.cash_1031);
  out.Money(1081, payments.electronic_1081);
  out.Money(1215, payments.prepayment_1215);
  out.Money(1216, payments.credit_1216);
  out.Money(1217, payments.barter_1217);
}

}  // namespace fiscalgate::ffd
