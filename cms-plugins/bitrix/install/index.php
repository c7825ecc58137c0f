<?php

use Bitrix\Main\Application;
use Bitrix\Main\Config\Option;
use Bitrix\Main\EventManager;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;
use Bitrix\Main\ModuleManager;

Loc::loadMessages(__FILE__);

/**
 * The module as the core installs it. The name of the class is the module's id.
 */
class fiscalgate_cashbox extends CModule // phpcs:ignore
{
    public const EVENTS = [
        'OnGetCustomCashboxHandlers' => 'onGetCustomCashboxHandlers',
        'OnSaleOrderPaid' => 'onOrderPaid',
        'OnSaleStatusOrderChange' => 'onStatusChange',
        'OnSalePaymentEntitySaved' => 'onPaymentSaved',
    ];
    /** Copied to where the core looks for them. */
    public const FILES = [
        'admin/fiscalgate_cashbox_operations.php' => '/bitrix/admin/fiscalgate_cashbox_operations.php',
        'tools/fiscalgate_callback.php' => '/bitrix/tools/fiscalgate_callback.php',
    ];
    private const HANDLERS = '\Fiscalgate\Cashbox\Handlers';

    public $MODULE_ID = 'fiscalgate.cashbox';
    public $MODULE_VERSION;
    public $MODULE_VERSION_DATE;
    public $MODULE_NAME;
    public $MODULE_DESCRIPTION;
    public $PARTNER_NAME = 'Fiscalgate';
    public $PARTNER_URI = '';

    public function __construct()
    {
        $arModuleVersion = [];
        include __DIR__ . '/version.php';
        $this->MODULE_VERSION = $arModuleVersion['VERSION'];
        $this->MODULE_VERSION_DATE = $arModuleVersion['VERSION_DATE'];
        $this->MODULE_NAME = Loc::getMessage('FISCALGATE_INSTALL_NAME');
        $this->MODULE_DESCRIPTION = Loc::getMessage('FISCALGATE_INSTALL_DESCRIPTION');
    }

    public function DoInstall()
    {
        global $APPLICATION;
        $fault = $this->fault();
        if ($fault !== '') {
            $APPLICATION->ThrowException($fault);
            return false;
        }
        $this->InstallDB();
        $this->InstallFiles();
        ModuleManager::registerModule($this->MODULE_ID);
        $this->InstallEvents();
        // Numbers of this site; a copy of its database has the same, so that it prints nothing twice.
        if (Option::get($this->MODULE_ID, 'PREFIX') === '') {
            Option::set($this->MODULE_ID, 'PREFIX', 'bx' . bin2hex(random_bytes(3)));
        }
        return true;
    }

    public function DoUninstall()
    {
        $this->UnInstallEvents();
        $this->UnInstallFiles();
        // What was printed is kept unless its owner has said otherwise.
        if (Option::get($this->MODULE_ID, 'KEEP_DATA', 'Y') !== 'Y') {
            $this->UnInstallDB();
            Option::delete($this->MODULE_ID);
        }
        ModuleManager::unRegisterModule($this->MODULE_ID);
        return true;
    }

    public function InstallDB()
    {
        require_once dirname(__DIR__) . '/include.php';
        $connection = Application::getConnection();
        $table = \Fiscalgate\Cashbox\OperationTable::getTableName();
        if (!$connection->isTableExists($table)) {
            \Fiscalgate\Cashbox\OperationTable::getEntity()->createDbTable();
            $connection->createIndex($table, 'ux_fiscalgate_number', ['NUMBER'], ['NUMBER' => 128], 'UNIQUE');
            $connection->createIndex($table, 'ix_fiscalgate_due', ['DUE_AT']);
            $connection->createIndex($table, 'ix_fiscalgate_order', ['ORDER_ID']);
        }
        return true;
    }

    public function UnInstallDB()
    {
        require_once dirname(__DIR__) . '/include.php';
        Application::getConnection()->dropTable(\Fiscalgate\Cashbox\OperationTable::getTableName());
        return true;
    }

    public function InstallEvents()
    {
        foreach (self::EVENTS as $event => $method) {
            EventManager::getInstance()->registerEventHandler('sale', $event, $this->MODULE_ID, self::HANDLERS, $method);
        }
        CAgent::AddAgent('\Fiscalgate\Cashbox\Agent::run();', $this->MODULE_ID, 'N', 60);
        return true;
    }

    public function UnInstallEvents()
    {
        foreach (self::EVENTS as $event => $method) {
            EventManager::getInstance()->unRegisterEventHandler('sale', $event, $this->MODULE_ID, self::HANDLERS, $method);
        }
        CAgent::RemoveModuleAgents($this->MODULE_ID);
        return true;
    }

    public function InstallFiles()
    {
        foreach (self::FILES as $from => $to) {
            CopyDirFiles(__DIR__ . '/' . $from, Application::getDocumentRoot() . $to, true);
        }
        return true;
    }

    public function UnInstallFiles()
    {
        foreach (self::FILES as $to) {
            DeleteDirFilesEx($to);
        }
        return true;
    }

    /** Why it cannot be installed here; "" if it can. */
    private function fault(): string
    {
        if (PHP_VERSION_ID < 70400) {
            return (string) Loc::getMessage('FISCALGATE_INSTALL_PHP');
        }
        if (!Loader::includeModule('sale')) {
            return (string) Loc::getMessage('FISCALGATE_INSTALL_SALE');
        }
        $isUtf = !defined('LANG_CHARSET') || strtoupper(LANG_CHARSET) === 'UTF-8';
        return $isUtf ? '' : (string) Loc::getMessage('FISCALGATE_INSTALL_CHARSET');
    }
}
