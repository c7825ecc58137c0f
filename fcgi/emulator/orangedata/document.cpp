#include "fcgi/emulator/orangedata/document.h"

#include "fcgi/emulator/cloud/fields.h"

namespace fiscalgate::emulator::orangedata {
namespace {

using cloud::Fields;

constexpr std::size_t kMaxId = 64, kMaxGroup = 32, kMaxKey = 32;

// The first three in the vendor's words.
void ReadNames(const base::JsonValue& root, Document* document) {
  Fields fields(root, "", &document->errors);
  if (!fields.Has("id")) document->errors.emplace_back("Не указан идентификатор документа 'Id'");
  if (!fields.Has("inn")) document->errors.emplace_back("Не указан ИНН организации 'INN'");
  document->id = fields.Text("id", kMaxId);
  document->inn = fields.Digits("inn", 10, 12);
  document->group = fields.Text("group", kMaxGroup);
  document->key = fields.Text("key", kMaxKey);
  if (document->key.empty()) document->key = document->inn;  // as the vendor's own client leaves it
  if (fields.Has("id") && document->id.empty()) fields.Wrong("id", "пустая строка");
  if (document->inn.size() == 11) fields.Wrong("inn", "ожидается 10 или 12 цифр");
}

}  // namespace

Document ReadEnvelope(const base::JsonValue& root) {
  Document document;
  ReadNames(root, &document);
  return document;
}

Document ReadDocument(const base::JsonValue& root, Kind kind) {
  Document document = ReadEnvelope(root);
  Fields fields(root, "", &document.errors);
  document.ignore_item_code_check = fields.Flag("ignoreItemCodeCheck");
  fields.Text("callbackUrl", 1024);
  fields.Text("callbackApiKey", 3072);
  fields.Text("meta", 128);
  if (!fields.Has("content")) {
    document.errors.emplace_back("Отсутствует содержимое документа 'Content'");
    return document;
  }
  const base::JsonValue* const content = fields.Object("content");
  if (content == nullptr) return document;
  if (kind == Kind::kCorrection) {
    ReadOldCorrection(*content, &document);
  } else {
    ReadContent(*content, kind, &document);
  }
  return document;
}

}  // namespace fiscalgate::emulator::orangedata
