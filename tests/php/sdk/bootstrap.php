<?php

declare(strict_types=1);

require __DIR__ . '/../../../cms-plugins/php-sdk/autoload.php';
require __DIR__ . '/Vectors.php';
require __DIR__ . '/Build.php';
require __DIR__ . '/../support/FakeGateway.php';
require __DIR__ . '/../support/MemoryOperations.php';

error_reporting(E_ALL);
