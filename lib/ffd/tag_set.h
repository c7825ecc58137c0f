// A set of FFD tags. Plain value.
#pragma once

#include <bitset>
#include <cstddef>

#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {

class TagSet {
 public:
  bool Has(int number) const {
    const Tag* tag = FindTag(number);
    return tag != nullptr && bits_[IndexOf(*tag)];
  }
  // False if it was there already.
  bool Insert(const Tag& tag) {
    const bool is_new = !bits_[IndexOf(tag)];
    bits_.set(IndexOf(tag));
    return is_new;
  }
  bool IsEmpty() const { return bits_.none(); }
  TagSet& operator|=(const TagSet& other) {
    bits_ |= other.bits_;
    return *this;
  }
  TagSet operator&(const TagSet& other) const {
    TagSet both;
    both.bits_ = bits_ & other.bits_;
    return both;
  }
  template <typename OnTag>
  void ForEach(OnTag on_tag) const {
    for (const Tag& tag : AllTags()) {
      if (bits_[IndexOf(tag)]) on_tag(tag);
    }
  }

 private:
  static std::size_t IndexOf(const Tag& tag) {
    return static_cast<std::size_t>(&tag - AllTags().data());
  }
  std::bitset<192> bits_;
};

}  // namespace fiscalgate::ffd
