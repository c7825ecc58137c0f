<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * JSON as the gateway reads it: exact decimals, no float anywhere.
 */
final class Json
{
    private const FLAGS = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR;
    private const DEPTH = 32;

    private function __construct()
    {
    }

    /** @param mixed $value lists, maps, texts, whole numbers, booleans, null and Decimal */
    public static function encode($value): string
    {
        if ($value instanceof Decimal) {
            return (string) $value;
        }
        if (is_array($value)) {
            return self::encodeArray($value);
        }
        if ($value === null || is_int($value) || is_bool($value)) {
            return json_encode($value, self::FLAGS);
        }
        if (!is_string($value)) {
            throw new ValidationException('', 'a value of type ' . gettype($value) . ' cannot be posted');
        }
        if (strpos($value, "\0") !== false || preg_match('//u', $value) !== 1) {
            throw new ValidationException('', 'a text is not valid UTF-8');
        }
        return json_encode($value, self::FLAGS);
    }

    /**
     * @return array<array-key, mixed>|null null if the text is no JSON object or list
     */
    public static function decode(string $text): ?array
    {
        $value = json_decode($text, true, self::DEPTH, JSON_BIGINT_AS_STRING);
        return is_array($value) ? $value : null;
    }

    /** @param array<array-key, mixed> $values */
    private static function encodeArray(array $values): string
    {
        $parts = [];
        $isList = array_keys($values) === array_keys(array_values($values));
        foreach ($values as $key => $value) {
            $parts[] = ($isList ? '' : self::encode((string) $key) . ':') . self::encode($value);
        }
        return ($isList ? '[' : '{') . implode(',', $parts) . ($isList ? ']' : '}');
    }
}
