<?php

use Bitrix\Main\Localization\Loc;

Loc::loadMessages(__FILE__);

global $APPLICATION;
if ($APPLICATION->GetGroupRight('fiscalgate.cashbox') < 'R') {
    return false;
}
return [
    'parent_menu' => 'global_menu_store',
    'sort' => 900,
    'text' => Loc::getMessage('FISCALGATE_MENU'),
    'title' => Loc::getMessage('FISCALGATE_MENU'),
    'url' => 'fiscalgate_cashbox_operations.php?lang=' . LANGUAGE_ID,
    'icon' => 'sale_menu_icon_orders',
    'items_id' => 'fiscalgate_cashbox',
];
