<?php

declare(strict_types=1);

use Bitrix\Main\Loader;

// In the zip the SDK lies beside this file, under a namespace of its own.
if (is_file(__DIR__ . '/sdk/autoload.php')) {
    require_once __DIR__ . '/sdk/autoload.php';
}

// Named one by one: how Bitrix finds classes by itself differs between its versions.
Loader::registerAutoLoadClasses('fiscalgate.cashbox', [
    'Fiscalgate\Cashbox\Agent' => 'lib/agent.php',
    'Fiscalgate\Cashbox\BitrixTransport' => 'lib/bitrixtransport.php',
    'Fiscalgate\Cashbox\CallbackPage' => 'lib/callbackpage.php',
    'Fiscalgate\Cashbox\CashboxFiscalgate' => 'lib/cashboxfiscalgate.php',
    'Fiscalgate\Cashbox\CheckReceipt' => 'lib/checkreceipt.php',
    'Fiscalgate\Cashbox\EventTrack' => 'lib/eventtrack.php',
    'Fiscalgate\Cashbox\Handlers' => 'lib/handlers.php',
    'Fiscalgate\Cashbox\Operation' => 'lib/operation.php',
    'Fiscalgate\Cashbox\OperationList' => 'lib/operationlist.php',
    'Fiscalgate\Cashbox\OperationSeen' => 'lib/operationseen.php',
    'Fiscalgate\Cashbox\OperationTable' => 'lib/operationtable.php',
    'Fiscalgate\Cashbox\Operations' => 'lib/operations.php',
    'Fiscalgate\Cashbox\OrderReceipt' => 'lib/orderreceipt.php',
    'Fiscalgate\Cashbox\Services' => 'lib/services.php',
    'Fiscalgate\Cashbox\Settings' => 'lib/settings.php',
    'Fiscalgate\Cashbox\TableOperations' => 'lib/tableoperations.php',
    'Fiscalgate\Cashbox\Worker' => 'lib/worker.php',
]);
