#include "lib/ffd/spot.h"

#include "lib/ffd/tag_visitor.h"

namespace fiscalgate::ffd {
namespace {

using base::JsonMember;
using base::JsonValue;

// The driver's groups that hold tags of what they stand in.
constexpr std::string_view kFlatGroups[] = {"agent", "markirovka", "clientInfo"};

std::string Below(const std::string& above, std::string_view key) {
  const Path root(above);
  return Path(root, key).Text();
}

std::string Below(const std::string& above, std::size_t index) {
  return above + "/" + std::to_string(index);
}

const JsonMember* FindMember(const JsonValue* object, int tag) {
  if (object == nullptr) return nullptr;
  for (const JsonMember& member : object->members) {
    if (TagOfKey(member.key) == tag && !member.value.is_null()) return &member;
  }
  return nullptr;
}

bool IsItems(const JsonMember& member) {
  return member.key == "purchases" || TagOfKey(member.key) == kItemTag;
}

std::string_view UsualKey(int tag) {
  if (tag == kPaymentsSpot) return "payments";
  if (tag == kItemsSpot) return "purchases";
  const Tag* const known = FindTag(tag);
  return known == nullptr ? std::string_view() : known->key;
}

bool IsPayment(int tag) {
  const Tag* const known = FindTag(tag);
  return known != nullptr && (known->places & kPayments) != 0;
}

}  // namespace

PathFinder::Place PathFinder::FindItem(int item) const {
  const auto wanted = static_cast<std::size_t>(item);
  std::size_t passed = 0;
  const std::string above = path_.Text();
  for (const JsonMember& member : root_ == nullptr ? JsonValue().members : root_->members) {
    if (!IsItems(member) || member.value.is_null()) continue;
    const std::string here = Below(above, member.key);
    if (!member.value.is_array()) {
      if (passed++ == wanted) return {&member.value, here};
    } else if (wanted < member.value.items.size()) {
      return {&member.value.items[wanted], Below(here, wanted)};
    }
  }
  return {nullptr, Below(Below(above, "purchases"), wanted)};
}

void PathFinder::Enter(int group, int index, Place* place) {
  if (const JsonMember* member = FindMember(place->object, group)) {
    place->text = Below(place->text, member->key);
    place->object = &member->value;
    if (!member->value.is_array()) return;
    const auto at = static_cast<std::size_t>(index);
    place->text = Below(place->text, at);
    place->object = at < member->value.items.size() ? &member->value.items[at] : nullptr;
    return;
  }
  for (const std::string_view flat : kFlatGroups) {
    const JsonValue* const object = place->object == nullptr ? nullptr : place->object->Find(flat);
    if (object == nullptr || !object->is_object()) continue;
    place->text = Below(place->text, flat);
    place->object = object;
    return;
  }
  place->text = Below(place->text, UsualKey(group));
  place->object = nullptr;
}

std::string PathFinder::Text(const Spot& spot) const {
  Place place = spot.item < 0 ? Place{root_, path_.Text()} : FindItem(spot.item);
  if (IsPayment(spot.tag)) {
    place.text = Below(place.text, "payments");
    place.object = place.object == nullptr ? nullptr : place.object->Find("payments");
  }
  if (spot.group != 0) Enter(spot.group, spot.index, &place);
  if (spot.tag == 0) return place.text;
  if (const JsonMember* member = FindMember(place.object, spot.tag)) {
    return Below(place.text, member->key);
  }
  for (const std::string_view flat : kFlatGroups) {
    const JsonValue* const object = place.object == nullptr ? nullptr : place.object->Find(flat);
    if (const JsonMember* member = FindMember(object, spot.tag)) {
      return Below(Below(place.text, flat), member->key);
    }
  }
  return Below(place.text, UsualKey(spot.tag));
}

}  // namespace fiscalgate::ffd
