<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

/**
 * An order as the shop keeps it. Sums are hundredths of a kopeck, tax not included, as OpenCart keeps four places of a
 * rouble.
 */
final class Order
{
    public int $id = 0;
    public int $status = 0;
    public string $email = '';
    public string $phone = '';
    /** "cod" */
    public string $payment = '';
    public string $currency = '';
    /** "2026-11-22 03:20:37" */
    public string $added = '';
    /** places the currency is rounded to when it is paid */
    public int $places = 2;
    public int $total = 0;
    /**
     * @var array<int, array{name: string, quantity: int, net: int, tax: int, class: int|null, percent: string,
     *     isVirtual: bool}> `class` is null where the product is gone; `percent` is the tax the order was charged
     */
    public array $products = [];
    /** @var array<int, array{name: string, sum: int}> certificates that are bought */
    public array $vouchers = [];
    /**
     * @var array<int, array{code: string, title: string, sum: int, rate: int, freesDelivery: bool}> what stands in
     *     order_total; `rate` is what the shop taxes it with, in hundredths of a percent
     */
    public array $totals = [];
}
