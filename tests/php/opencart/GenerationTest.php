<?php

declare(strict_types=1);

namespace Fiscalgate\OpenCartTests;

use Fiscalgate\Sdk\OpenCart\Generation;
use PHPUnit\Framework\TestCase;

/**
 * Under the wrong name an event is entered without a word, and never comes.
 */
final class GenerationTest extends TestCase
{
    /** @dataProvider versions */
    public function testNamesAreThoseOfTheVersion(string $version, bool $isSupported, string $trigger, string $action): void
    {
        $generation = new Generation($version);
        self::assertSame($isSupported, $generation->isSupported());
        self::assertSame([$trigger => $action], array_slice($generation->events(), 0, 1));
        self::assertArrayHasKey('admin/view/sale/order_info/before', $generation->events());
    }

    /** @return array<int, array{string, bool, string, string}> */
    public static function versions(): array
    {
        $four = 'extension/fiscalgate_opencart4/module/fiscalgate.changed';
        return [
            ['3.0.2.0', true, 'catalog/model/checkout/order/addOrderHistory/after', 'extension/module/fiscalgate/changed'],
            ['3.0.5.1', true, 'catalog/model/checkout/order/addOrderHistory/after', 'extension/module/fiscalgate/changed'],
            ['4.0.1.1', false, 'catalog/model/checkout/order/addHistory/after', $four],
            ['4.0.2.3', true, 'catalog/model/checkout/order/addHistory/after', $four],
            ['4.1.0.0', true, 'catalog/model/checkout/order.addHistory/after', $four],
            ['4.1.0.4', true, 'catalog/model/checkout/order.addHistory/after', $four],
        ];
    }
}
