<?php

declare(strict_types=1);

error_reporting(E_ALL);
define('_JEXEC', 1);

require __DIR__ . '/../../../cms-plugins/php-sdk/autoload.php';
require __DIR__ . '/../support/FakeGateway.php';
require __DIR__ . '/FakeJoomla.php';
require __DIR__ . '/FakeDatabase.php';
require __DIR__ . '/FakeShop.php';

spl_autoload_register(static function (string $class): void {
    $prefix = 'Fiscalgate\\Plugin\\System\\Fiscalgate\\';
    $file = __DIR__ . '/../../../cms-plugins/joomshopping/src/' . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
    if (strncmp($class, $prefix, strlen($prefix)) === 0 && is_file($file)) {
        require $file;
    }
});

require __DIR__ . '/Bench.php';
