<?php

use Bitrix\Main\Config\Option;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;
use Fiscalgate\Cashbox\Services;
use Fiscalgate\Cashbox\Settings;
use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\FiscalgateException;

Loc::loadMessages(__FILE__);

global $APPLICATION;
$right = $APPLICATION->GetGroupRight('fiscalgate.cashbox');
if ($right < 'R') {
    return;
}
Loader::includeModule('sale');
Loader::includeModule('fiscalgate.cashbox');

$say = static function (string $name): string {
    return (string) Loc::getMessage('FISCALGATE_OPTION_' . $name);
};
// Name -> what it may be: a list of values, or "text", or "secret".
$fields = [
    'TRACK' => ['cashbox', 'events', 'off'], 'URL' => 'text', 'ACCOUNT' => 'text', 'TOKEN' => 'secret', 'CODE' => 'secret',
    'FFD' => ['1.2', '1.05'], 'TAX_SYSTEM' => ['1', '2', '4', '16', '32'], 'SITE' => 'text', 'CASHIER' => 'text',
    'NO_VAT' => ['6', '5'], 'DELIVERY_VAT' => ['6', '5', '7', '8', '2', '11'], 'PAY_SYSTEMS' => 'text', 'SINCE' => 'text',
    'PREPAYMENT' => ['N', 'Y'], 'SETTLE_STATUSES' => 'text', 'KEEP_DATA' => ['Y', 'N'],
];

$said = '';
if ($_SERVER['REQUEST_METHOD'] === 'POST' && $right >= 'W' && check_bitrix_sessid()) {
    foreach ($fields as $name => $kind) {
        $value = is_string($_POST[$name] ?? null) ? trim($_POST[$name]) : '';
        // A secret is not shown, so that an empty one means: as it was.
        if (($kind === 'secret' && $value === '') || (is_array($kind) && !in_array($value, $kind, true))) {
            continue;
        }
        Option::set(Settings::MODULE, $name, $value);
    }
    $said = $say('SAVED');
    if (isset($_POST['check'])) {
        try {
            $services = new Services();
            $settings = $services->settings();
            $services->client($settings)->checkConnection($settings->taxSystem(), (int) $settings->get('NO_VAT'));
            $said = $say('WORKS');
        } catch (FiscalgateException $e) {
            $said = $say('FAILS') . ' ' . ($e instanceof ApiException ? $e->explain() : $e->getMessage());
        }
    }
}

$tabs = new CAdminTabControl('fiscalgate', [
    ['DIV' => 'main', 'TAB' => $say('TAB'), 'TITLE' => $say('TAB')],
]);
if ($said !== '') {
    CAdminMessage::ShowNote($said);
}
echo '<form method="post">' . bitrix_sessid_post();
$tabs->Begin();
$tabs->BeginNextTab();
foreach ($fields as $name => $kind) {
    $value = (string) Option::get(Settings::MODULE, $name, Settings::DEFAULTS[$name] ?? '');
    $label = htmlspecialcharsbx($say($name));
    echo '<tr><td width="40%"><label for="fg_' . $name . '">' . $label . '</label></td><td>';
    if (is_array($kind)) {
        echo '<select name="' . $name . '" id="fg_' . $name . '">';
        foreach ($kind as $each) {
            $text = $say($name . '_' . $each) ?: $each;
            echo '<option value="' . $each . '"' . ($each === $value ? ' selected' : '') . '>' . htmlspecialcharsbx($text) . '</option>';
        }
        echo '</select>';
    } elseif ($kind === 'secret') {
        $hint = $value === '' ? '' : htmlspecialcharsbx($say('KEPT'));
        echo '<input type="password" autocomplete="new-password" size="50" name="' . $name . '" id="fg_' . $name
            . '" placeholder="' . $hint . '">';
    } else {
        echo '<input type="text" size="50" name="' . $name . '" id="fg_' . $name . '" value="' . htmlspecialcharsbx($value) . '">';
    }
    echo '</td></tr>';
}
$tabs->Buttons();
$disabled = $right < 'W' ? ' disabled' : '';
echo '<input type="submit" class="adm-btn-save" name="save" value="' . htmlspecialcharsbx($say('SAVE')) . '"' . $disabled . '> ';
echo '<input type="submit" name="check" value="' . htmlspecialcharsbx($say('CHECK')) . '"' . $disabled . '>';
$tabs->End();
echo '</form>';
