#!/usr/bin/env python3
"""Writes forms.json: forms as different clients post them, and forms that must be refused.

Computed with Python's own md5, base64 and percent-encoding, so that the tables do not repeat a
fault of the code they test. Run by hand after a change: python3 tests/data/bit/make_forms.py
"""
import base64
import hashlib
import json
import os
from urllib.parse import quote, quote_plus

HERE = os.path.dirname(os.path.abspath(__file__))
JS_SAFE = "!'()*-._~"  # what encodeURIComponent leaves alone
PHP_SAFE = "-._~"  # what rawurlencode leaves alone

BASE = {
    "BIT_ACCOUNT_ID": "1042",
    "BIT_KKT_TOKEN": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "BIT_BNK_TRM_TOKEN": "",
    "BIT_ORDER_ID": "1237",
    "BIT_CALLBACK_SUCCESS": "https://shop.example/bit/success",
    "BIT_CALLBACK_FAILED": "https://shop.example/bit/failed?lang=ru&x=1",
}
CODE = "s3cret-Код-42"
SIGNED = ["BIT_ACCOUNT_ID", "BIT_KKT_TOKEN", "BIT_ORDER_ID", None, "BIT_CALLBACK_SUCCESS", "BIT_CALLBACK_FAILED"]

SAMPLE = open(os.path.join(HERE, "sample_receipt.json"), encoding="utf-8").read()
SHORT = '[{"type":"kktXReport"}]'
TRICKY = '[{"type":"kktXReport","name":"100% «ёлка» + \\"кавычки\\" & a=b;c /?#[]@!$\'()*,~-._ 😀"}]'


def encode(data, safe=JS_SAFE):
    return base64.b64encode(quote(data, safe=safe).encode()).decode()


def sign(fields, data, code=CODE):
    text = "".join(data if name is None else fields.get(name, "") for name in SIGNED)
    return hashlib.md5((text + code).encode()).hexdigest()


def post(fields, raw=()):
    """A form body; fields named in `raw` are put in unescaped, as careless clients do."""
    return "&".join(k + "=" + (v if k in raw else quote_plus(v)) for k, v in fields.items())


def accept(name, data, encoded=None, fields=None, raw=(), signature=None, signs="decoded", extra=None):
    fields = dict(BASE, **(fields or {}))
    encoded = encode(data) if encoded is None else encoded
    signed = data if signs == "decoded" else encoded
    signature = sign(fields, signed) if signature is None else signature
    posted = dict(fields, BIT_DATA=encoded, BIT_SIGNATURE=signature, **(extra or {}))
    return {
        "name": name,
        "code": CODE,
        "signs": signs,
        "body": post(posted, raw),
        "fields": fields,
        "data": data,
        "encoded": encoded,
        "signature": signature,
    }


def accepted():
    wrapped = encode(SAMPLE)
    wrapped = "\r\n".join(wrapped[i : i + 76] for i in range(0, len(wrapped), 76))
    upper = sign(BASE, SHORT).upper()
    return [
        accept("browser", SAMPLE),
        accept("php_rawurlencode", SAMPLE, encode(SAMPLE, PHP_SAFE)),
        accept("every_kind_of_character", TRICKY),
        accept("every_kind_of_character_php", TRICKY, encode(TRICKY, PHP_SAFE)),
        accept("crlf_line_ends", SAMPLE.replace("\n", "\r\n")),
        accept("base64_plus_not_escaped", PLUS, encode(PLUS), raw=("BIT_DATA",)),
        accept("base64_plus_not_escaped_signed_encoded", PLUS, encode(PLUS), raw=("BIT_DATA",), signs="encoded"),
        accept("base64_without_padding", SHORT, encode(SHORT).rstrip("=")),
        accept("base64_url_safe", PLUS, encode(PLUS).replace("+", "-").replace("/", "_")),
        accept("base64_in_lines", SAMPLE, wrapped),
        accept("signs_encoded_data", SAMPLE, signs="encoded"),
        accept("signature_in_upper_case", SHORT, signature=upper),
        accept("without_callbacks", SHORT, fields={"BIT_CALLBACK_SUCCESS": "", "BIT_CALLBACK_FAILED": ""}),
        accept("with_bank_token", SHORT, fields={"BIT_BNK_TRM_TOKEN": "ffeeddccbbaa99887766554433221100"}),
        accept("cyrillic_order_number", SHORT, fields={"BIT_ORDER_ID": "Заказ №7/2026"}),
        accept("secret_posted_by_mistake", SHORT, extra={"BIT_DATAINTEGRITY_CODE": CODE}),
        accept("prog_url", SHORT, extra={"BIT_PROG_URL": "https://203.0.113.7:44735"}),
        accept("unknown_fields", SHORT, extra={"utm_source": "x", "submit": "Пробить"}),
    ]


def find_plus():
    """A text whose base64 has '+': encodeURIComponent leaves only ASCII, so look for one."""
    for n in range(2000):
        data = '[{"type":"kktXReport","name":"' + "~" * (n % 7) + str(n) + '~>~"}]'
        if "+" in encode(data):
            return data
    raise SystemExit("no text found")


PLUS = find_plus()


def refused():
    good = dict(BASE, BIT_DATA=encode(SHORT), BIT_SIGNATURE=sign(BASE, SHORT))

    def case(name, says, code="malformed", drop=None, body=None, **change):
        fields = dict(good, **change)
        if drop:
            del fields[drop]
        return {"name": name, "says": says, "code": code, "body": body if body is not None else post(fields)}

    cases = [case("missing_" + f.lower(), f, drop=f) for f in sorted(good) if f in ("BIT_ACCOUNT_ID", "BIT_KKT_TOKEN", "BIT_ORDER_ID", "BIT_DATA", "BIT_SIGNATURE")]
    cases += [case("empty_" + f.lower(), f, **{f: ""}) for f in ("BIT_ORDER_ID", "BIT_DATA", "BIT_SIGNATURE")]
    cases += [
        case("no_fields", "BIT_ACCOUNT_ID", body=""),
        case("posted_twice", "BIT_ORDER_ID", body=post(good) + "&BIT_ORDER_ID=1238"),
        case("same_value_twice", "BIT_DATA", body=post(good) + "&BIT_DATA=" + quote(good["BIT_DATA"])),
        case("broken_escape_in_form", "", body=post(good) + "&x=%G1"),
        case("order_too_long", "BIT_ORDER_ID", BIT_ORDER_ID="1" * 129),
        case("order_with_line_end", "BIT_ORDER_ID", BIT_ORDER_ID="12\r\nX-Evil: 1"),
        case("order_with_nul", "BIT_ORDER_ID", BIT_ORDER_ID="12\x00"),
        case("order_with_space_before", "BIT_ORDER_ID", BIT_ORDER_ID=" 12"),
        case("order_with_space_after", "BIT_ORDER_ID", BIT_ORDER_ID="12 "),
        case("order_not_utf8", "BIT_ORDER_ID", body=post(dict(good, BIT_ORDER_ID="")).replace("BIT_ORDER_ID=", "BIT_ORDER_ID=%D0")),
        case("account_too_long", "BIT_ACCOUNT_ID", BIT_ACCOUNT_ID="9" * 129),
        case("token_too_long", "BIT_KKT_TOKEN", BIT_KKT_TOKEN="a" * 129),
        case("callback_other_scheme", "BIT_CALLBACK_SUCCESS", BIT_CALLBACK_SUCCESS="ftp://shop.example/ok"),
        case("callback_file", "BIT_CALLBACK_FAILED", BIT_CALLBACK_FAILED="file:///etc/passwd"),
        case("callback_relative", "BIT_CALLBACK_FAILED", BIT_CALLBACK_FAILED="/failed.php"),
        case("callback_with_password", "BIT_CALLBACK_SUCCESS", BIT_CALLBACK_SUCCESS="http://user:pw@shop.example/"),
        case("callback_too_long", "BIT_CALLBACK_SUCCESS", BIT_CALLBACK_SUCCESS="http://shop.example/" + "a" * 2048),
        case("prog_url_no_address", "BIT_PROG_URL", BIT_PROG_URL="192.0.2.1:44735"),
        case("data_not_base64", "BIT_DATA", BIT_DATA="{\"a\":1}"),
        case("data_base64_one_character_over", "BIT_DATA", BIT_DATA="QUJDR"),
        case("data_broken_escape", "BIT_DATA", BIT_DATA=base64.b64encode(b"%5B%7").decode()),
        case("data_nul_escaped", "BIT_DATA", BIT_DATA=base64.b64encode(b"%5B%00%5D").decode()),
        case("data_nul_raw", "BIT_DATA", BIT_DATA=base64.b64encode(b"[\x00]").decode()),
        case("data_not_utf8", "BIT_DATA", BIT_DATA=base64.b64encode(b"%5B%22%FF%22%5D").decode()),
        case("data_overlong_utf8", "BIT_DATA", BIT_DATA=base64.b64encode(b"%22%C0%AF%22").decode()),
        case("data_surrogate_utf8", "BIT_DATA", BIT_DATA=base64.b64encode(b"%22%ED%A0%80%22").decode()),
        case("data_empty_under_base64", "BIT_DATA", BIT_DATA="===="),
    ]
    return cases


def main():
    tables = {"accepted": accepted(), "refused": refused()}
    with open(os.path.join(HERE, "forms.json"), "w", encoding="utf-8") as out:
        json.dump(tables, out, ensure_ascii=False, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
