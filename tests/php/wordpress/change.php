<?php

/**
 * Changes one operation of an order many times, as one of several processes that do so at once. Words: the folder of the site, the
 * order, how often, and when to begin.
 */

declare(strict_types=1);

define('ABSPATH', $argv[1]);
$_SERVER['HTTP_HOST'] = '127.0.0.1';
require ABSPATH . 'wp-load.php';

$fiscalgateStore = new FiscalgateWoo\Order_Store();
while (microtime(true) < (float) $argv[4]) {
    usleep(1000);
}
for ($i = 0; $i < (int) $argv[3]; ++$i) {
    $fiscalgateStore->change((int) $argv[2], 'sale', static function (?FiscalgateWoo\Operation $present) use ($argv): FiscalgateWoo\Operation {
        $present = $present ?? FiscalgateWoo\Operation::of('sale', FiscalgateWoo\Sdk\OrderNumber::sale($argv[2]), 0);
        $present->count_poll();
        return $present;
    }, 30.0);
}
