<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use FiscalgateWoo\Plugin;
use PHPUnit\Framework\TestCase;

/**
 * What holds for every file of the plugin.
 */
final class SourceTest extends TestCase
{
    private const PLUGIN = __DIR__ . '/../../../cms-plugins/woocommerce/';
    /** Functions with more lines than this are to be split. */
    private const MAX_LINES = 45;

    public static function files(): array
    {
        $files = [];
        foreach (glob(self::PLUGIN . 'includes/*-*.php') as $file) {
            $files[basename($file)] = [$file];
        }
        return $files;
    }

    /** @dataProvider files */
    public function testGoesThroughTheShopsOwnLayers(string $file): void
    {
        $code = (string) file_get_contents($file);
        self::assertStringContainsString("\ndeclare( strict_types=1 );\n\nnamespace FiscalgateWoo;\n", $code);
        $banned = ['$wpdb', 'get_post_meta', 'update_post_meta', 'wp_insert_post', 'WP_Query', 'get_posts(', 'curl_', 'file_get_contents',
            'unserialize(', 'eval(', 'extract(', '$_REQUEST', '$_COOKIE', '$GLOBALS', 'sslverify\' => false', "\t\tglobal "];
        foreach ($banned as $word) {
            self::assertStringNotContainsString($word, $code);
        }
        self::assertDoesNotMatchRegularExpression('/static \??\w+ \$/', $code, 'static state');
    }

    /** @dataProvider files */
    public function testFunctionsAreSmall(string $file): void
    {
        preg_match('/^(?:final class|interface) (\w+)/m', (string) file_get_contents($file), $name);
        $class = new \ReflectionClass('FiscalgateWoo\\' . $name[1]);
        self::assertTrue($class->isFinal() || $class->isInterface());
        foreach ($class->getMethods() as $method) {
            if ($method->getFileName() === $class->getFileName() && $method->getFileName() === realpath($file)) {
                $lines = $method->getEndLine() - $method->getStartLine() + 1;
                self::assertLessThanOrEqual(self::MAX_LINES, $lines, $method->getName());
            }
        }
    }

    public function testWhatIsPostedIsReadOnlyBehindARightAndAForm(): void
    {
        foreach (self::files() as $name => [$file]) {
            $code = (string) file_get_contents($file);
            if (strpos($code, '$_POST') !== false && $name !== 'class-product-fields.php') {
                self::assertStringContainsString('check_admin_referer(', $code, $name);
                self::assertStringContainsString('current_user_can(', $code, $name);
            }
        }
    }

    public function testTheVersionIsTheSameEverywhere(): void
    {
        $head = (string) file_get_contents(self::PLUGIN . 'fiscalgate-for-woocommerce.php');
        $readme = (string) file_get_contents(self::PLUGIN . 'readme.txt');
        self::assertMatchesRegularExpression('/^ \* Version:\s+' . preg_quote(Plugin::VERSION, '/') . '$/m', $head);
        self::assertStringContainsString("\nStable tag: " . Plugin::VERSION . "\n", $readme);
        self::assertStringContainsString("\n= " . Plugin::VERSION . " =\n", $readme);
        foreach (['Requires PHP' => 'Requires PHP', 'Requires at least' => 'Requires at least'] as $line => $same) {
            preg_match("/^ \* $line:\s+(\S+)$/m", $head, $there);
            self::assertStringContainsString("\n$same: $there[1]\n", $readme);
        }
    }
}
