<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptBuilder;

/**
 * Carries out the member `build` of built_receipts.json.
 */
final class Build
{
    /** @param array<string, mixed> $build */
    public static function receipt(array $build): Receipt
    {
        $builder = new ReceiptBuilder($build['type'], $build['tax_system'], $build['total']);
        foreach ($build['steps'] as $step) {
            self::step($builder, $step);
        }
        $builder->allowRounding($build['allow'] ?? 0);
        if ($build['reduce'] ?? false) {
            $builder->reduceToTotal();
        }
        if (isset($build['method'])) {
            $builder->withMethod($build['method']);
        }
        if (isset($build['payments'])) {
            $paid = $build['payments'] + ['cash' => 0, 'electronic' => 0, 'prepayment' => 0];
            $builder->paidBy(new Payments($paid['cash'], $paid['electronic'], $paid['prepayment']));
        }
        $receipt = $builder->build(Customer::emailOrPhone($build['contact'], $build['contact']));
        return isset($build['site']) ? $receipt->withSite($build['site']) : $receipt;
    }

    /** @param array<string, mixed> $step */
    private static function step(ReceiptBuilder $builder, array $step): void
    {
        switch ($step['add']) {
            case 'item':
                $item = (new Item($step['name'], $step['price'], $step['quantity'], $step['vat']))
                    ->withSubject($step['subject'] ?? 1)->withUnit($step['unit'] ?? 0);
                $builder->addItem($item, $step['sum'] ?? null, $step['codes'] ?? []);
                return;
            case 'delivery':
                $builder->addDelivery($step['name'], $step['sum'], $step['vat']);
                return;
            case 'fee':
                $builder->addFee($step['name'], $step['sum'], $step['vat']);
                return;
            case 'discount':
                $builder->addDiscount($step['sum'], ...$step['kinds'] ?? []);
                return;
            case 'rounding':
                $builder->addRounding($step['sum']);
                return;
        }
        throw new \LogicException('no such step: ' . $step['add']);
    }
}
