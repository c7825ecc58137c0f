<?php

// Results from the gateway. No session, no login: who posts is known by the signature.
define('NOT_CHECK_PERMISSIONS', true);
define('NO_KEEP_STATISTIC', true);
define('NO_AGENT_CHECK', true);
define('STOP_STATISTICS', true);
define('BX_SECURITY_SESSION_VIRTUAL', true);

require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_before.php';

if (($_SERVER['REQUEST_METHOD'] ?? '') !== 'POST') {
    http_response_code(405);
} elseif (!Bitrix\Main\Loader::includeModule('sale') || !Bitrix\Main\Loader::includeModule('fiscalgate.cashbox')) {
    http_response_code(503);
} else {
    (new Fiscalgate\Cashbox\CallbackPage(new Fiscalgate\Cashbox\Services()))
        ->receive($_SERVER, (string) file_get_contents('php://input'))
        ->send();
}
