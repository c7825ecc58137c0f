<?php

$root = $_SERVER['DOCUMENT_ROOT'];
$local = $root . '/local/modules/fiscalgate.cashbox/admin/operations.php';
require is_file($local) ? $local : $root . '/bitrix/modules/fiscalgate.cashbox/admin/operations.php';
