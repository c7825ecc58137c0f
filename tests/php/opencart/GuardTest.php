<?php

declare(strict_types=1);

namespace Fiscalgate\OpenCartTests;

use Fiscalgate\OpenCartTests\Fakes\FakeShop;
use Fiscalgate\Sdk\OpenCart\AfterResponse;
use Fiscalgate\Sdk\OpenCart\Db;
use Fiscalgate\Sdk\OpenCart\Guard;
use PHPUnit\Framework\TestCase;

/**
 * Nothing of the plugin reaches the page it runs in.
 */
final class GuardTest extends TestCase
{
    public function testNoticesAndExceptionsEndInTheLog(): void
    {
        $log = [];
        $guard = new Guard(static function (string $text) use (&$log): void {
            $log[] = $text;
        });
        $outer = 0;
        set_error_handler(static function () use (&$outer): bool {
            ++$outer;
            return true;
        });
        try {
            self::assertNull($guard->run(static function () {
                return [][1];
            }));
            self::assertNull($guard->run(static function (): void {
                throw new \Error('broken');
            }));
            self::assertSame(1, $guard->run(static function (): int {
                trigger_error('old', E_USER_DEPRECATED);
                return 1 + (int) @file_get_contents('/nowhere');
            }));
            self::assertSame(0, $outer, 'OpenCart 4 would have sent the buyer to an error page');
            trigger_error('afterwards', E_USER_NOTICE);
            self::assertSame(1, $outer, 'its own handler is back');
        } finally {
            restore_error_handler();
        }
        self::assertCount(2, $log);
        self::assertStringContainsString('broken', $log[1]);
    }

    public function testAnOrderThatCannotBeReadDoesNotBreakTheCheckout(): void
    {
        $shop = new FakeShop();
        $shop->plainOrder();
        $shop->db->run('DROP TABLE {order_total}');
        $shop->plugin()->orderChanged(1237);
        self::assertCount(1, $shop->log);
        self::assertSame([], $shop->operations()->ofOrder(1237));
    }

    public function testWhereTheConnectionCannotBeLetGoTheCronDoesIt(): void
    {
        self::assertFalse(function_exists('fastcgi_finish_request'), 'a console has none');
        self::assertFalse(AfterResponse::run(static function (): void {
            self::fail('nobody must wait for it');
        }));
    }

    public function testValuesAreQuotedAndCounted(): void
    {
        $shop = new FakeShop();
        $shop->insert('setting', ['store_id' => 0, 'key' => "it's", 'value' => "a'; DROP TABLE oc_setting; --"]);
        self::assertSame("a'; DROP TABLE oc_setting; --", $shop->db->row('SELECT * FROM {setting} WHERE `key` = ?', "it's")['value']);
        self::assertSame([], $shop->db->row('SELECT * FROM {setting} WHERE `key` = ?', "' OR '1'='1"));
        $this->expectException(\LogicException::class);
        (new Db($shop->connection, 'oc_'))->rows('SELECT ? ?', 1);
    }
}
