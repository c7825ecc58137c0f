<?php

use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;
use Fiscalgate\Cashbox\OperationList;
use Fiscalgate\Cashbox\Services;

require_once $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_before.php';

Loc::loadMessages(__FILE__);

global $APPLICATION;
$right = $APPLICATION->GetGroupRight('fiscalgate.cashbox');
if ($right < 'R') {
    $APPLICATION->AuthForm(Loc::getMessage('ACCESS_DENIED'));
}
Loader::includeModule('sale');
Loader::includeModule('fiscalgate.cashbox');

$list = new OperationList(new Services());
$said = '';
if ($_SERVER['REQUEST_METHOD'] === 'POST' && $right >= 'W' && check_bitrix_sessid()) {
    $said = $list->act((string) ($_POST['action'] ?? ''), (string) ($_POST['number'] ?? ''));
}

$APPLICATION->SetTitle(Loc::getMessage('FISCALGATE_OPERATIONS_TITLE'));
require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/prolog_admin_after.php';
if ($said !== '') {
    CAdminMessage::ShowNote($said);
}
echo $list->html((int) ($_GET['order'] ?? 0), $right >= 'W' ? bitrix_sessid_post() : '');
require $_SERVER['DOCUMENT_ROOT'] . '/bitrix/modules/main/include/epilog_admin.php';
