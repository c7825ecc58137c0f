<?php

$settings = new waAppSettingsModel();
if ($settings->get(array('shop', 'fiscalgate'), 'drop_data')) {
    $model = new waModel();
    $model->exec('DROP TABLE IF EXISTS shop_fiscalgate_operation');
}
