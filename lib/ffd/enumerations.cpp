#include "lib/ffd/enumerations.h"

#include <algorithm>

#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {
namespace {

constexpr bool kBits = true, kNumbers = false;

// 1199: 7-10 since 2025, 11 and 12 since 2026. 1212: 30-33 are marked goods of FFD 1.2.
// 2003: 5 and 6 since September 2025. 1236 has no list that could be found: any byte is taken.
// clang-format off
constexpr EnumerationValue k1011[] = {
    {1, "UTC+2"},
    {2, "UTC+3"},
    {3, "UTC+4"},
    {4, "UTC+5"},
    {5, "UTC+6"},
    {6, "UTC+7"},
    {7, "UTC+8"},
    {8, "UTC+9"},
    {9, "UTC+10"},
    {10, "UTC+11"},
    {11, "UTC+12"},
};
constexpr EnumerationValue k1054[] = {
    {1, "приход"},
    {2, "возврат прихода"},
    {3, "расход"},
    {4, "возврат расхода"},
};
constexpr EnumerationValue k1055[] = {
    {1, "ОСН"},
    {2, "УСН доход"},
    {4, "УСН доход минус расход"},
    {8, "ЕНВД"},
    {16, "ЕСХН"},
    {32, "Патент"},
};
constexpr EnumerationValue k1125[] = {
    {0, "нет"},
    {1, "да"},
};
constexpr EnumerationValue k1173[] = {
    {0, "самостоятельно"},
    {1, "по предписанию"},
};
constexpr EnumerationValue k1199[] = {
    {1, "20 %"},
    {2, "10 %"},
    {3, "20/120"},
    {4, "10/110"},
    {5, "0 %"},
    {6, "без НДС"},
    {7, "5 %"},
    {8, "7 %"},
    {9, "5/105"},
    {10, "7/107"},
    {11, "22 %"},
    {12, "22/122"},
};
constexpr EnumerationValue k1209[] = {
    {1, "1.0"},
    {2, "1.05"},
    {3, "1.1"},
    {4, "1.2"},
};
constexpr EnumerationValue k1212[] = {
    {1, "товар"},
    {2, "подакцизный товар"},
    {3, "работа"},
    {4, "услуга"},
    {5, "ставка азартной игры"},
    {6, "выигрыш азартной игры"},
    {7, "лотерейный билет / ставка лотереи"},
    {8, "выигрыш лотереи"},
    {9, "предоставление РИД"},
    {10, "платеж (аванс, задаток, предоплата, кредит)"},
    {11, "агентское вознаграждение"},
    {12, "выплата (пеня, штраф, вознаграждение, бонус)"},
    {13, "иной предмет расчета"},
    {14, "имущественное право"},
    {15, "внереализационный доход"},
    {16, "иные платежи и взносы"},
    {17, "торговый сбор"},
    {18, "туристический налог (ранее курортный сбор)"},
    {19, "залог"},
    {20, "расход"},
    {21, "взносы на ОПС ИП"},
    {22, "взносы на ОПС"},
    {23, "взносы на ОМС ИП"},
    {24, "взносы на ОМС"},
    {25, "взносы на ОСС"},
    {26, "платеж казино"},
    {27, "выдача денежных средств"},
    {30, "подакцизный маркируемый товар без КМ (АТНМ)"},
    {31, "подакцизный маркируемый товар с КМ (АТМ)"},
    {32, "маркируемый товар без КМ (ТНМ)"},
    {33, "маркируемый товар с КМ (ТМ)"},
};
constexpr EnumerationValue k1214[] = {
    {1, "предоплата 100%"},
    {2, "предоплата"},
    {3, "аванс"},
    {4, "полный расчет"},
    {5, "частичный расчет и кредит"},
    {6, "передача в кредит"},
    {7, "оплата кредита"},
};
constexpr EnumerationValue k1222[] = {
    {1, "банковский платежный агент"},
    {2, "банковский платежный субагент"},
    {4, "платежный агент"},
    {8, "платежный субагент"},
    {16, "поверенный"},
    {32, "комиссионер"},
    {64, "агент (иной)"},
};
constexpr EnumerationValue k1245[] = {
    {21, "паспорт гражданина РФ"},
    {22, "загранпаспорт, дипломатический, служебный паспорт"},
    {26, "временное удостоверение личности"},
    {27, "свидетельство о рождении (до 14 лет)"},
    {28, "иные документы гражданина РФ"},
    {31, "паспорт иностранного гражданина"},
    {32, "иные документы иностранного гражданина"},
    {33, "документ иностранного государства для лица без гражданства"},
    {34, "вид на жительство"},
    {35, "разрешение на временное проживание"},
    {36, "свидетельство о рассмотрении ходатайства о беженстве"},
    {37, "удостоверение беженца"},
    {38, "иные документы лица без гражданства"},
    {40, "документ на период рассмотрения заявления о гражданстве"},
};
constexpr EnumerationValue k1262[] = {
    {20, "Минздрав"},
    {30, "Минпромторг"},
    {34, "Минсельхоз"},
    {48, "ФНС"},
    {50, "Росалкогольтабакконтроль"},
    {66, "Роспотребнадзор"},
};
constexpr EnumerationValue k2003[] = {
    {1, "штучный товар, реализован"},
    {2, "мерный товар, в стадии реализации"},
    {3, "штучный товар, возвращен"},
    {4, "часть товара возвращена"},
    {5, "штучный товар, в стадии реализации"},
    {6, "мерный товар, реализован"},
    {255, "статус не изменился"},
};
constexpr EnumerationValue k2100[] = {
    {0, "тип КМ не идентифицирован"},
    {1, "короткий КМ"},
    {2, "КП 88 символов, проверка в ФН"},
    {3, "КП 44 символа, не проверяется ФН"},
    {4, "КП 44 символа, проверяется ФН"},
    {5, "КП 4 символа, не проверяется ФН"},
};
constexpr EnumerationValue k2102[] = {
    {0, "единственный режим"},
};
constexpr EnumerationValue k2105[] = {
    {0, "корректен"},
    {1, "неверный формат"},
    {2, "КМ не распознан"},
};
constexpr EnumerationValue k2106[] = {
    {1, "КМ проверен ФН/ККТ"},
    {2, "результат проверки КП положительный"},
    {4, "статус товара проверен ОИСМ"},
    {8, "статус корректен"},
    {16, "ККТ в автономном режиме"},
};
constexpr EnumerationValue k2108[] = {
    {0, "шт./ед."},
    {10, "г"},
    {11, "кг"},
    {12, "т"},
    {20, "см"},
    {21, "дм"},
    {22, "м"},
    {30, "кв. см"},
    {31, "кв. дм"},
    {32, "кв. м"},
    {40, "мл"},
    {41, "л"},
    {42, "куб. м"},
    {50, "кВт·ч"},
    {51, "Гкал"},
    {70, "сутки"},
    {71, "час"},
    {72, "мин"},
    {73, "с"},
    {80, "Кбайт"},
    {81, "Мбайт"},
    {82, "Гбайт"},
    {83, "Тбайт"},
    {255, "иная мера"},
};
constexpr EnumerationValue k2109[] = {
    {1, "статус корректен"},
    {2, "статус некорректен"},
    {3, "оборот приостановлен"},
};

constexpr Enumeration kEnumerations[] = {
    {1011, kNumbers, k1011},
    {1054, kNumbers, k1054},
    {1055, kBits, k1055},
    {1108, kNumbers, k1125},
    {1125, kNumbers, k1125},
    {1173, kNumbers, k1173},
    {1199, kNumbers, k1199},
    {1209, kNumbers, k1209},
    {1212, kNumbers, k1212},
    {1214, kNumbers, k1214},
    {1222, kBits, k1222},
    {1245, kNumbers, k1245},
    {1262, kNumbers, k1262},
    {2003, kNumbers, k2003},
    {2100, kNumbers, k2100},
    {2102, kNumbers, k2102},
    {2105, kNumbers, k2105},
    {2106, kBits, k2106},
    {2107, kNumbers, k1125},
    {2108, kNumbers, k2108},
    {2109, kNumbers, k2109},
    {2111, kNumbers, k1125},
};
// clang-format on

// Known only in part: any number up to this one is taken.
constexpr int kAgencies = 1262;
constexpr std::int64_t kMaxAgency = 72;

}  // namespace

std::span<const Enumeration> AllEnumerations() { return kEnumerations; }

const Enumeration* FindEnumeration(int tag) {
  const auto* const found =
      std::lower_bound(std::begin(kEnumerations), std::end(kEnumerations), tag,
                       [](const Enumeration& row, int wanted) { return row.tag < wanted; });
  return found != std::end(kEnumerations) && found->tag == tag ? found : nullptr;
}

bool IsInEnumeration(int tag, std::int64_t value) {
  const Tag* row = FindTag(tag);
  if (row == nullptr || row->enumeration == 0) return true;
  if (row->enumeration == kAgencies) return value > 0 && value <= kMaxAgency;
  const Enumeration* enumeration = FindEnumeration(row->enumeration);
  if (enumeration == nullptr) return true;
  if (enumeration->is_bits) {
    std::int64_t known = 0;
    for (const EnumerationValue& bit : enumeration->values) known |= bit.value;
    return (value & ~known) == 0;
  }
  return std::any_of(enumeration->values.begin(), enumeration->values.end(),
                     [value](const EnumerationValue& known) { return known.value == value; });
}

std::string_view EnumerationName(int tag, std::int64_t value) {
  const Tag* row = FindTag(tag);
  const Enumeration* enumeration = row == nullptr ? nullptr : FindEnumeration(row->enumeration);
  if (enumeration == nullptr) return {};
  for (const EnumerationValue& known : enumeration->values) {
    if (known.value == value) return known.name_ru;
  }
  return {};
}

}  // namespace fiscalgate::ffd
