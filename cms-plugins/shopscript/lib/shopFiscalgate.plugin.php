<?php

use Fiscalgate\Sdk\Exception\ApiException;

/**
 * Where Shop-Script and the receipts meet. Whatever goes wrong in an event of the shop stays here: an order is never lost
 * for a receipt.
 */
class shopFiscalgatePlugin extends shopPlugin
{
    const LOG = 'shop/plugins/fiscalgate.log';

    /** @var shopFiscalgatePluginReceipts|null */
    private $receipts;
    /** @var bool */
    private $is_work_planned = false;

    public function __construct($info)
    {
        parent::__construct($info);
        self::load();
    }

    /** The SDK, under the namespace of this plugin. */
    public static function load()
    {
        require_once __DIR__.'/vendors/sdk/autoload.php';
    }

    /**
     * @param string $level
     * @param string $message
     * @param array  $context without secrets: the SDK has masked them
     */
    public static function log($level, $message, array $context = array())
    {
        $about = json_encode($context, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PARTIAL_OUTPUT_ON_ERROR);
        waLog::log($level.': '.$message.' '.$about, self::LOG);
    }

    /** @return shopFiscalgatePluginReceipts */
    public function getReceipts()
    {
        if ($this->receipts === null) {
            $settings = new shopFiscalgatePluginSettings($this->getSettings(), self::callbackUrl(), self::siteUrl());
            $this->receipts = new shopFiscalgatePluginReceipts(
                $settings,
                new shopFiscalgatePluginOrders(),
                new shopFiscalgatePluginStore(new shopFiscalgatePluginOperationModel()),
                shopFiscalgatePluginTransport::best()
            );
        }
        return $this->receipts;
    }

    /** For tests. */
    public function setReceipts(shopFiscalgatePluginReceipts $receipts)
    {
        $this->receipts = $receipts;
    }

    /**
     * order_action.pay, .capture, .complete
     *
     * @param array $params
     */
    public function orderPaid($params)
    {
        $this->guard(function (shopFiscalgatePluginReceipts $receipts) use ($params) {
            $order_id = (int) ifset($params['order_id'], 0);
            if ($receipts->onPaid($order_id)) {
                $this->workLater($order_id);
            }
        });
    }

    /**
     * order_action.refund
     *
     * @param array $params
     */
    public function orderRefunded($params)
    {
        $this->guard(function (shopFiscalgatePluginReceipts $receipts) use ($params) {
            $details = isset($params['params']) && is_array($params['params']) ? $params['params'] : array();
            $order_id = (int) ifset($params['order_id'], 0);
            if ($receipts->onRefunded($order_id, (int) ifset($params['id'], 0), $details)) {
                $this->workLater($order_id);
            }
        });
    }

    /**
     * backend_order: the page of an order
     *
     * @param array $order
     * @return array
     */
    public function backendOrder($order)
    {
        $html = '';
        $this->guard(function (shopFiscalgatePluginReceipts $receipts) use ($order, &$html) {
            $id = (int) ifset($order['id'], 0);
            $panel = new shopFiscalgatePluginPanel($receipts->ofOrder($id), $receipts->remaining($id), $id);
            $html = $panel->html($this->getPluginStaticUrl().'js/fiscalgate.js?'.$this->getVersion());
        });
        return array('info_section' => $html);
    }

    /** The button that checks the settings as they are saved. */
    public static function connectionControl($name, $params = array())
    {
        $plugin = wa('shop')->getPlugin('fiscalgate');
        return shopFiscalgatePluginPanel::connection($plugin->getPluginStaticUrl().'js/fiscalgate.js?'.$plugin->getVersion());
    }

    /** @return array for the settings: ways of paying */
    public static function paymentOptions()
    {
        $options = array();
        $model = new shopPluginModel();
        foreach ($model->listPlugins(shopPluginModel::TYPE_PAYMENT, array('all' => true)) as $method) {
            $options[] = array('value' => $method['id'], 'title' => $method['name']);
        }
        return $options;
    }

    /** Where the gateway posts results; "" if the shop has no storefront. */
    public static function callbackUrl()
    {
        $url = wa()->getRouteUrl('shop/frontend/callback', array('plugin' => 'fiscalgate'), true);
        return is_string($url) ? $url : '';
    }

    /** The address of the first storefront, for the receipt; "" if there is none. */
    public static function siteUrl()
    {
        $url = wa()->getRouteUrl('shop/frontend', array(), true);
        return is_string($url) ? $url : '';
    }

    /** Explains an error to the owner. */
    public static function explain(Throwable $error)
    {
        return $error instanceof ApiException ? $error->explain() : $error->getMessage();
    }

    /** @param callable $what (shopFiscalgatePluginReceipts) */
    private function guard($what)
    {
        try {
            $what($this->getReceipts());
        } catch (Throwable $e) {
            self::log('error', 'The receipts have a fault', array('error' => $e->getMessage(),
                'place' => basename($e->getFile()).':'.$e->getLine()));
        }
    }

    /** Once the answer has gone out nobody waits; where PHP cannot tell, cron does it. */
    private function workLater($order_id)
    {
        if ($this->is_work_planned || !function_exists('fastcgi_finish_request')) {
            return;
        }
        $this->is_work_planned = true;
        register_shutdown_function(function () use ($order_id) {
            fastcgi_finish_request();
            if (session_status() === PHP_SESSION_ACTIVE) {
                session_write_close(); // the buyer's next page would wait for it
            }
            $this->guard(function (shopFiscalgatePluginReceipts $receipts) use ($order_id) {
                $receipts->workAtOnce($order_id);
            });
        });
    }
}
