<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

/**
 * The plugin's texts in the admin's language. Not read by OpenCart's own loader: that adds them to those of the page,
 * and the page of an order would bear the plugin's name.
 */
final class Texts
{
    private const FALLBACK = 'en-gb';

    private function __construct()
    {
    }

    /**
     * @param string $pattern path of a language file, with * for the language
     * @param string $code "ru-ru"
     * @return array<string, string>
     */
    public static function read(string $pattern, string $code): array
    {
        $codes = [self::FALLBACK, preg_match('/^ru/i', $code) === 1 ? 'ru-ru' : self::FALLBACK];
        if (preg_match('/^[A-Za-z0-9_-]{2,32}$/D', $code) === 1) {
            $codes[] = $code;
        }
        $texts = [];
        foreach (array_unique($codes) as $folder) {
            $texts = array_merge($texts, self::load(str_replace('*', $folder, $pattern)));
        }
        return $texts;
    }

    /** @return array<string, string> */
    private static function load(string $file): array
    {
        $_ = [];
        if (is_file($file)) {
            require $file;
        }
        return $_;
    }
}
