<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * Texts of a receipt: one line, of so many characters. A register stores a byte a character (CP866) and replaces what
 * it has not; some become several ("₽" is "руб.").
 */
final class Text
{
    /** The most characters one character can become. */
    private const WIDEST = 4;

    private function __construct()
    {
    }

    /** One line, without blanks at either end. Throws if it is no UTF-8. */
    public static function line(string $text, string $field): string
    {
        $line = preg_replace('/[\p{Cc}\p{Z}]+/u', ' ', $text);
        if ($line === null) {
            throw new ValidationException($field, 'is not valid UTF-8');
        }
        return trim($line);
    }

    /** The same, cut to what fits. For names of goods, which a shop writes as long as it likes. */
    public static function fit(string $text, int $most, string $field): string
    {
        $line = self::line($text, $field);
        $length = 0;
        $kept = '';
        foreach (self::characters($line) as $character) {
            $length += self::width($character);
            if ($length > $most) {
                return rtrim($kept);
            }
            $kept .= $character;
        }
        return $kept;
    }

    /** The line, or an exception if it is empty or too long. */
    public static function required(string $text, int $most, string $field): string
    {
        $line = self::optional($text, $most, $field);
        if ($line === '') {
            throw new ValidationException($field, 'is empty');
        }
        return $line;
    }

    public static function optional(string $text, int $most, string $field): string
    {
        $line = self::line($text, $field);
        if (count(self::characters($line)) > $most) {
            throw new ValidationException($field, 'is longer than ' . $most . ' characters');
        }
        return $line;
    }

    /** @return string[] */
    private static function characters(string $line): array
    {
        $characters = preg_split('//u', $line, -1, PREG_SPLIT_NO_EMPTY);
        return $characters === false ? [] : $characters;
    }

    private static function width(string $character): int
    {
        $isNarrow = preg_match('/[\x20-\x7E\x{0400}-\x{045F}№«»\x{2010}-\x{201F}]/u', $character) === 1;
        return $isNarrow ? 1 : self::WIDEST;
    }
}
