<?php

declare(strict_types=1);

require __DIR__ . '/../../../cms-plugins/php-sdk/autoload.php';
foreach (['main', 'entity', 'sale', 'cashbox', 'install'] as $stub) {
    require __DIR__ . '/stubs/' . $stub . '.php';
}
Bitrix\Main\Loader::$root = dirname(__DIR__, 3) . '/cms-plugins/bitrix';
require Bitrix\Main\Loader::$root . '/include.php';
require __DIR__ . '/World.php';

error_reporting(E_ALL);
