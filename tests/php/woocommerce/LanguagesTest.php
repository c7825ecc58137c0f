<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use PHPUnit\Framework\TestCase;

/**
 * What people read is there in both languages.
 */
final class LanguagesTest extends TestCase
{
    private const PLUGIN = __DIR__ . '/../../../cms-plugins/woocommerce/';
    private const DOMAIN = 'fiscalgate-for-woocommerce';
    private const FUNCTIONS = ['__' => 1, 'esc_html__' => 1, '_n' => 2];

    /** @return string[] every text of the sources, those with a plural as "one\0many" */
    private static function ofSources(): array
    {
        $texts = [];
        foreach (array_merge(glob(self::PLUGIN . '*.php'), glob(self::PLUGIN . 'includes/*.php')) as $file) {
            foreach (self::calls((string) file_get_contents($file)) as [$function, $arguments]) {
                self::assertContains(self::DOMAIN, $arguments, basename($file) . ': a text of no domain: ' . $arguments[0]);
                $texts[] = implode("\0", array_slice($arguments, 0, self::FUNCTIONS[$function]));
            }
        }
        $head = (string) file_get_contents(self::PLUGIN . self::DOMAIN . '.php');
        preg_match_all('/^ \* (?:Plugin Name|Description):\s+(.+)$/m', $head, $lines);
        return array_values(array_unique(array_merge($texts, $lines[1])));
    }

    /** @return array<int, array{string, string[]}> name and texts of each call */
    private static function calls(string $code): array
    {
        $calls = [];
        $tokens = array_values(array_filter(token_get_all($code), static function ($token): bool {
            return !is_array($token) || $token[0] !== T_WHITESPACE;
        }));
        foreach ($tokens as $i => $token) {
            if (is_array($token) && isset(self::FUNCTIONS[$token[1]]) && ($tokens[$i + 1] ?? '') === '(') {
                $arguments = [];
                for ($at = $i + 2; $tokens[$at] !== ')'; ++$at) {
                    if (is_array($tokens[$at]) && $tokens[$at][0] === T_CONSTANT_ENCAPSED_STRING) {
                        $arguments[] = strtr(substr($tokens[$at][1], 1, -1), ["\\'" => "'", '\\\\' => '\\']);
                    }
                }
                $calls[] = [$token[1], $arguments];
            }
        }
        return $calls;
    }

    /** @return array<string, string[]> translations by text */
    private static function ofCatalogue(string $name): array
    {
        $found = [];
        foreach (preg_split('/\n\n+/', trim((string) file_get_contents(self::PLUGIN . 'languages/' . $name))) as $entry) {
            preg_match_all('/^(msg\w+)(?:\[\d\])? "(.*)"$/m', $entry, $lines, PREG_SET_ORDER);
            $texts = ['msgid' => [], 'msgstr' => []];
            foreach ($lines as [, $kind, $text]) {
                $texts[$kind === 'msgstr' ? 'msgstr' : 'msgid'][] = stripcslashes($text);
            }
            $found[implode("\0", $texts['msgid'])] = $texts['msgstr'];
        }
        unset($found['']);
        return $found;
    }

    public function testTheTemplateHasEveryTextOfTheSources(): void
    {
        self::assertEqualsCanonicalizing(self::ofSources(), array_keys(self::ofCatalogue(self::DOMAIN . '.pot')));
    }

    public function testEveryTextIsTranslated(): void
    {
        $russian = self::ofCatalogue(self::DOMAIN . '-ru_RU.po');
        self::assertEqualsCanonicalizing(self::ofSources(), array_keys($russian));
        foreach ($russian as $text => $translations) {
            self::assertCount(strpos($text, "\0") === false ? 1 : 3, $translations, $text);
            $places = self::places(explode("\0", $text)[0]);
            foreach ($translations as $translation) {
                self::assertNotSame('', $translation, $text);
                self::assertSame($places, self::places($translation), $text);
            }
        }
    }

    /** @return string[] */
    private static function places(string $text): array
    {
        preg_match_all('/%(?:\d\$)?[sd]/', $text, $places);
        return $places[0];
    }
}
