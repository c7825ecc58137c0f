<?php

declare(strict_types=1);

error_reporting(E_ALL);

require __DIR__ . '/../../../cms-plugins/php-sdk/autoload.php';
require __DIR__ . '/../support/FakeGateway.php';
require __DIR__ . '/FakeWebasyst.php';
require __DIR__ . '/FakeShop.php';

spl_autoload_register(static function (string $class): void {
    $lib = __DIR__ . '/../../../cms-plugins/shopscript/lib/';
    $places = ['shopFiscalgatePlugin' => 'shopFiscalgate.plugin.php', 'shopFiscalgatePluginOperationModel' => 'models/shopFiscalgatePluginOperation.model.php',
        'shopFiscalgatePluginFrontendCallbackController' => 'actions/frontend/shopFiscalgatePluginFrontendCallback.controller.php',
        'shopFiscalgatePluginBackendReceiptController' => 'actions/backend/shopFiscalgatePluginBackendReceipt.controller.php',
        'shopFiscalgatePluginWorkCli' => 'cli/shopFiscalgatePluginWork.cli.php'];
    $file = $lib . ($places[$class] ?? 'classes/' . $class . '.class.php');
    if (strncmp($class, 'shopFiscalgate', 14) === 0 && is_file($file)) {
        require $file;
    }
});

require __DIR__ . '/Bench.php';
