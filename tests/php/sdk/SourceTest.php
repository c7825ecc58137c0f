<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use PHPUnit\Framework\TestCase;

/**
 * What holds for every file of the SDK: it runs inside other people's programs, beside other versions of itself.
 */
final class SourceTest extends TestCase
{
    private const SOURCE = __DIR__ . '/../../../cms-plugins/php-sdk/src';
    /** Extensions a shop may not have, and where they are used all the same. */
    private const EXTENSIONS = ['mb_' => [], 'iconv' => [], 'ctype_' => [], 'bcadd' => [], 'gmp_' => [],
        'curl_' => ['Http/CurlTransport.php', 'Client.php'], 'openssl_' => []];

    /** @dataProvider files */
    public function testIsAFinalClassOfItsName(string $file): void
    {
        $class = 'Fiscalgate\\Sdk\\' . strtr(substr($file, 0, -4), '/', '\\');
        self::assertTrue(class_exists($class) || interface_exists($class), $class);
        $about = new \ReflectionClass($class);
        $isBase = $class === 'Fiscalgate\\Sdk\\Exception\\ValidationException';
        self::assertTrue($about->isFinal() || $about->isInterface() || $isBase, 'not final');
        foreach ($about->getProperties() as $property) {
            if ($property->getDeclaringClass()->getName() !== $class) {
                continue;
            }
            self::assertFalse($property->isStatic(), 'static state: ' . $property->getName());
            self::assertTrue($property->isPrivate(), 'not private: ' . $property->getName());
        }
    }

    /** @dataProvider files */
    public function testKeepsToItself(string $file): void
    {
        $text = (string) file_get_contents(self::SOURCE . '/' . $file);
        self::assertStringStartsWith("<?php\n\ndeclare(strict_types=1);\n\nnamespace Fiscalgate\\Sdk", $text);
        self::assertStringEndsWith("}\n", $text);
        $banned = ['ini_set', 'global ', '$GLOBALS', '$_SERVER[', '$_POST', 'define(', 'eval(', 'unserialize(', 'var_dump(',
            'error_reporting(', 'md5_file', 'sleep('];
        foreach ($banned as $word) {
            self::assertStringNotContainsString($word, $text);
        }
        foreach (self::EXTENSIONS as $prefix => $places) {
            if (!in_array($file, $places, true)) {
                self::assertDoesNotMatchRegularExpression('/\b' . $prefix . '\w*\(/', $text);
            }
        }
        foreach (explode("\n", $text) as $number => $line) {
            self::assertLessThanOrEqual(130, (int) preg_match_all('/./u', $line), 'line ' . ($number + 1));
            self::assertSame(rtrim($line), $line, 'blanks at the end of line ' . ($number + 1));
        }
    }

    public static function files(): array
    {
        $files = [];
        $all = new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator(self::SOURCE, \FilesystemIterator::SKIP_DOTS)
        );
        foreach ($all as $path) {
            $file = substr((string) $path, strlen(self::SOURCE) + 1);
            $files[$file] = [$file];
        }
        ksort($files);
        return $files;
    }

    public function testTheConstantsAreThoseOfTheGateway(): void
    {
        $text = (string) file_get_contents(__DIR__ . '/../../../lib/ffd/enumerations.cpp');
        $classes = ['1054' => 'ReceiptType', '1173' => 'CorrectionType', '1199' => 'Vat', '1212' => 'PaymentSubject',
            '1214' => 'PaymentMethod', '1222' => 'AgentType', '2108' => 'Unit', '1055' => 'TaxSystem'];
        foreach ($classes as $tag => $class) {
            self::assertSame(1, preg_match('/k' . $tag . '\[\] = \{(.*?)\n\};/s', $text, $parts), $class);
            preg_match_all('/\{(\d+), "/', $parts[1], $numbers);
            $known = array_map('intval', $numbers[1]);
            // ЕНВД, abolished in 2021, is not offered.
            $known = $class === 'TaxSystem' ? array_diff($known, [8]) : $known;
            self::assertSame(array_values($known), constant('Fiscalgate\\Sdk\\' . $class . '::ALL'), $class);
        }
    }
}
