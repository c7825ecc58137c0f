<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * Phones, e-mail addresses and INNs as a receipt takes them.
 */
final class Contact
{
    private const MAX = 64;
    private const WEIGHTS = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

    private function __construct()
    {
    }

    public static function isEmail(string $text): bool
    {
        return strlen($text) <= self::MAX && preg_match('/^[^@\s,;\x00-\x20]+@[^@\s,;\x00-\x20]+$/D', $text) === 1;
    }

    /** "8 (916) 123-45-67" as "+79161234567"; "" if it is no phone number. */
    public static function phone(string $text): string
    {
        if (preg_match('/^\+?[\d\s().\-]+$/D', trim($text)) !== 1) {
            return '';
        }
        $digits = (string) preg_replace('/\D/', '', $text);
        if (strpos(trim($text), '+') !== 0) {
            if (strlen($digits) === 10 && $digits[0] === '9') {
                $digits = '7' . $digits;
            } elseif (strlen($digits) === 11 && $digits[0] === '8') {
                $digits = '7' . substr($digits, 1);
            }
        }
        return preg_match('/^[1-9]\d{6,14}$/D', $digits) === 1 ? '+' . $digits : '';
    }

    public static function requirePhone(string $text, string $field): string
    {
        $phone = self::phone($text);
        if ($phone === '') {
            throw new ValidationException($field, 'is not a phone number');
        }
        return $phone;
    }

    /** Twelve zeros stand for a foreign supplier where that may be. */
    public static function requireInn(string $text, string $field, bool $mayBeForeign = false): string
    {
        $inn = trim($text);
        $isForeign = $mayBeForeign && $inn === '000000000000';
        if (!$isForeign && !self::isInn($inn)) {
            throw new ValidationException($field, 'is not an INN');
        }
        return $inn;
    }

    public static function isInn(string $inn): bool
    {
        if (preg_match('/^(?:\d{10}|\d{12})$/D', $inn) !== 1 || trim($inn, '0') === '') {
            return false;
        }
        return strlen($inn) === 10
            ? self::digitFits($inn, 9)
            : self::digitFits($inn, 10) && self::digitFits($inn, 11);
    }

    private static function digitFits(string $inn, int $at): bool
    {
        $sum = 0;
        for ($i = 0; $i < $at; ++$i) {
            $sum += (int) $inn[$i] * self::WEIGHTS[count(self::WEIGHTS) - $at + $i];
        }
        return $sum % 11 % 10 === (int) $inn[$at];
    }
}
