<?php

declare(strict_types=1);

// What of the plugin needs no WordPress: it is not loaded here, and not imitated.
require __DIR__ . '/../../../cms-plugins/php-sdk/autoload.php';
require __DIR__ . '/../../../cms-plugins/woocommerce/includes/autoload.php';
require __DIR__ . '/MemoryOperations.php';
require __DIR__ . '/MemoryQueue.php';
require __DIR__ . '/Orders.php';

error_reporting(E_ALL);
