<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\OrderNumber;
use PHPUnit\Framework\TestCase;

final class OrderNumberTest extends TestCase
{
    public function testNamesTheOperation(): void
    {
        self::assertSame('1237', (string) OrderNumber::sale(1237));
        self::assertSame('1237-settle', (string) OrderNumber::settle('1237'));
        self::assertSame('1237-refund-2', (string) OrderNumber::refund('1237', 2));
        self::assertSame('1237-try-2', (string) OrderNumber::sale('1237')->nextTry());
        self::assertSame('1237-refund-a7-try-3', (string) OrderNumber::refund('1237', 'a7')->nextTry()->nextTry());
    }

    /** @dataProvider numbers */
    public function testReadsItBack(string $text, string $order, string $refund, int $try, string $kind): void
    {
        $number = OrderNumber::parse($text);
        self::assertSame($text, (string) $number);
        self::assertSame([$order, $refund, $try], [$number->getOrder(), $number->getRefund(), $number->getTry()]);
        self::assertSame($kind, ($number->isSale() ? 'sale' : '') . ($number->isSettlement() ? 'settle' : '')
            . ($number->isRefund() ? 'refund' : ''));
    }

    public static function numbers(): array
    {
        return [['1237', '1237', '', 1, 'sale'], ['1237-settle', '1237', '', 1, 'settle'],
            ['1237-refund-2', '1237', '2', 1, 'refund'], ['1237-refund-2-try-12', '1237', '2', 12, 'refund'],
            ['1237-settle-try-2', '1237', '', 2, 'settle'], ['Заказ №7/2026', 'Заказ №7/2026', '', 1, 'sale'],
            ['shop-a-17', 'shop-a-17', '', 1, 'sale'], ['a-refund-b', 'a', 'b', 1, 'refund'], ['-settle', '-settle', '', 1, 'sale'],
            ['7-try-1', '7-try-1', '', 1, 'sale'], ['7-try-01', '7-try-01', '', 1, 'sale'], ['0', '0', '', 1, 'sale'],
            ['7-refund-', '7-refund-', '', 1, 'sale'], ['7-refund-é', '7-refund-é', '', 1, 'sale']];
    }

    /** @dataProvider refused */
    public function testRefusesWhatTheGatewayWouldMixUp(callable $make): void
    {
        $this->expectException(ValidationException::class);
        $make();
    }

    public static function refused(): array
    {
        return [
            [static fn () => OrderNumber::sale('')], [static fn () => OrderNumber::sale(' 7')],
            [static fn () => OrderNumber::sale('7 ')], [static fn () => OrderNumber::sale("7\n8")],
            [static fn () => OrderNumber::sale("7\r\nX-Evil: 1")], [static fn () => OrderNumber::sale("7\0")],
            [static fn () => OrderNumber::sale("\xD0")], [static fn () => OrderNumber::sale(str_repeat('1', 129))],
            [static fn () => OrderNumber::sale('7-settle')], [static fn () => OrderNumber::sale('7-refund-1')],
            [static fn () => OrderNumber::sale('7-try-2')], [static fn () => OrderNumber::refund('7', '')],
            [static fn () => OrderNumber::refund('7', '1-try-2')], [static fn () => OrderNumber::refund('7', 'é')],
            [static fn () => OrderNumber::refund(str_repeat('1', 121), 1)],
        ];
    }

    public function testTriesAreOneOperation(): void
    {
        $refund = OrderNumber::refund('7', 1);
        self::assertTrue($refund->isSameOperation(OrderNumber::parse('7-refund-1-try-4')));
        self::assertFalse($refund->isSameOperation(OrderNumber::refund('7', 2)));
        self::assertFalse($refund->isSameOperation(OrderNumber::sale('7')));
    }
}
